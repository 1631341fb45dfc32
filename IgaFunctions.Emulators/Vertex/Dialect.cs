namespace Iga.Emulators.Vertex;

/// <summary>One of the two ways to ask a Vertex AI model for a picture, and the sizes that it draws.</summary>
/// <param name="Method">The custom method of the URL.</param>
/// <param name="Sizes">Pixels by aspect ratio, at 1K.</param>
internal sealed record Dialect(string Method, IReadOnlyDictionary<string, (int Width, int Height)> Sizes)
{
    public static readonly Dialect Imagen = new("predict", new Dictionary<string, (int, int)>
    {
        ["1:1"] = (1024, 1024),
        ["3:4"] = (896, 1280),
        ["4:3"] = (1280, 896),
        ["9:16"] = (768, 1408),
        ["16:9"] = (1408, 768),
    });

    public static readonly Dialect Gemini = new("generateContent", new Dictionary<string, (int, int)>
    {
        ["1:1"] = (1024, 1024),
        ["2:3"] = (832, 1248),
        ["3:2"] = (1248, 832),
        ["3:4"] = (864, 1184),
        ["4:3"] = (1184, 864),
        ["4:5"] = (896, 1152),
        ["5:4"] = (1152, 896),
        ["9:16"] = (768, 1344),
        ["16:9"] = (1344, 768),
        ["21:9"] = (1536, 672),
    });

    /// <returns>The dialect of a model's family, or null when the id belongs to none.</returns>
    public static Dialect? OfModel(string modelId) => modelId switch
    {
        _ when modelId.StartsWith("imagen", StringComparison.Ordinal) => Imagen,
        _ when modelId.StartsWith("imagegeneration", StringComparison.Ordinal) => Imagen,
        _ when modelId.StartsWith("gemini-", StringComparison.Ordinal) => Gemini,
        _ => null,
    };
}
