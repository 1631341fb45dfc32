using Iga.Models.Dialects;

namespace Iga.Models.Catalog;

/// <summary>Models that are called in the same way. A new family is added here, with its dialect.</summary>
/// <param name="Name">What the catalog's file calls it.</param>
/// <param name="IdPrefixes">What the ids of its models begin with.</param>
/// <param name="Dialect">How its models are asked, and how they answer.</param>
/// <param name="Widest">All that any model of the family offers; what a model offers that the catalog does not have.</param>
internal sealed record ModelFamily(string Name, IReadOnlyList<string> IdPrefixes, IDialect Dialect, ModelOffer Widest)
{
    /// <summary>Which ids <see cref="Of"/> knows, for error messages.</summary>
    public const string AllowedIds = "must be a Gemini image model (gemini-…) or an Imagen model (imagen-…, imagegeneration@…)";

    public static readonly ModelFamily Imagen = new("imagen", ["imagen", "imagegeneration"], new PredictDialect(), new ModelOffer
    {
        AspectRatios = ["1:1", "3:4", "4:3", "9:16", "16:9"],
        ImageSizes = [new("1K"), new("2K")],
        OutputFormats = ["png", "jpeg"],
        MaxReferenceImages = 0,
        TakesSeed = true,
        CanOmitWatermark = true,
    });

    // SynthID is always on in what Gemini draws.
    public static readonly ModelFamily Gemini = new("gemini", ["gemini-"], new GenerateContentDialect(), new ModelOffer
    {
        AspectRatios =
            ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1"],
        ImageSizes = [new("512"), new("1K"), new("2K"), new("4K")],
        OutputFormats = ["png", "jpeg"],
        MaxReferenceImages = 14,
        TakesSeed = true,
        CanOmitWatermark = false,
    });

    public static readonly IReadOnlyList<ModelFamily> All = [Imagen, Gemini];

    /// <returns>The family that an id's beginning tells, or null when it is of none that the service can call.</returns>
    public static ModelFamily? Of(string modelId) => ModelIdSyntax.IsValid(modelId)
        ? All.FirstOrDefault(family => family.IdPrefixes.Any(prefix => modelId.StartsWith(prefix, StringComparison.Ordinal)))
        : null;
}
