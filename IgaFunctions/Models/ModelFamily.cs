namespace Iga.Models;

/// <summary>Models that are called in the same way and offer the same choices.</summary>
/// <param name="Name">The family's name in messages.</param>
/// <param name="Method">The method of the publisher model's REST resource.</param>
/// <param name="AspectRatios">What the family can draw.</param>
/// <param name="CanOmitWatermark">False where the watermark cannot be switched off.</param>
public sealed record ModelFamily(
    string Name, string Method, IReadOnlyList<string> AspectRatios, bool CanOmitWatermark)
{
    /// <summary>Which ids <see cref="Of"/> knows, for error messages.</summary>
    public const string AllowedIds = "must be a Gemini image model (gemini-…) or an Imagen model (imagen-…, imagegeneration@…)";

    public static readonly ModelFamily Imagen = new(
        "Imagen", "predict", ["1:1", "3:4", "4:3", "9:16", "16:9"], CanOmitWatermark: true);

    // SynthID is always on in what Gemini draws.
    public static readonly ModelFamily Gemini = new(
        "Gemini", "generateContent",
        ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"], CanOmitWatermark: false);

    /// <param name="modelId">A model id, after aliases are resolved.</param>
    /// <returns>The model's family, or null when the id is malformed or of no family that the service can call.</returns>
    public static ModelFamily? Of(string modelId) => ModelId.IsValid(modelId)
        ? modelId switch
        {
            _ when modelId.StartsWith("imagen", StringComparison.Ordinal) => Imagen,
            _ when modelId.StartsWith("imagegeneration", StringComparison.Ordinal) => Imagen,
            _ when modelId.StartsWith("gemini-", StringComparison.Ordinal) => Gemini,
            _ => null,
        }
        : null;
}
