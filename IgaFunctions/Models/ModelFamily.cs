using Iga.Models.Dialects;

namespace Iga.Models;

/// <summary>Models that are called in the same way and offer the same choices. A new family is added here, with its dialect.</summary>
/// <param name="IdPrefixes">What the ids of its models begin with.</param>
/// <param name="Dialect">How its models are asked, and how they answer.</param>
/// <param name="AspectRatios">What the family can draw.</param>
/// <param name="CanOmitWatermark">False where the watermark cannot be switched off.</param>
internal sealed record ModelFamily(
    IReadOnlyList<string> IdPrefixes, IDialect Dialect, IReadOnlyList<string> AspectRatios, bool CanOmitWatermark)
{
    /// <summary>Which ids <see cref="Of"/> knows, for error messages.</summary>
    public const string AllowedIds = "must be a Gemini image model (gemini-…) or an Imagen model (imagen-…, imagegeneration@…)";

    /// <summary>Which models <see cref="CanOmitWatermark"/> is true of, for error messages.</summary>
    public const string ThatCanOmitWatermark = "an Imagen model";

    public static readonly ModelFamily Imagen = new(
        ["imagen", "imagegeneration"], new PredictDialect(), ["1:1", "3:4", "4:3", "9:16", "16:9"], CanOmitWatermark: true);

    // SynthID is always on in what Gemini draws.
    public static readonly ModelFamily Gemini = new(
        ["gemini-"], new GenerateContentDialect(),
        ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"], CanOmitWatermark: false);

    private static readonly ModelFamily[] All = [Imagen, Gemini];

    /// <param name="modelId">A model id, after aliases are resolved.</param>
    /// <returns>The model's family, or null when the id is malformed or of no family that the service can call.</returns>
    public static ModelFamily? Of(string modelId) => ModelIdSyntax.IsValid(modelId)
        ? Array.Find(All, family => family.IdPrefixes.Any(prefix => modelId.StartsWith(prefix, StringComparison.Ordinal)))
        : null;
}
