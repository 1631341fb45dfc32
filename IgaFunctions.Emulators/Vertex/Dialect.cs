namespace Iga.Emulators.Vertex;

/// <summary>One of the two ways to ask a Vertex AI model for a picture.</summary>
/// <param name="Method">The custom method of the URL.</param>
internal sealed record Dialect(string Method)
{
    public static readonly Dialect Imagen = new("predict");

    public static readonly Dialect Gemini = new("generateContent");

    /// <summary>Whether a call of that custom method is one in this dialect.</summary>
    public bool Takes(string method) =>
        method == Method || (this == Gemini && method is ("streamGenerateContent" or "countTokens"));

    /// <returns>The dialect of a model's family, or null when the id belongs to none.</returns>
    public static Dialect? OfModel(string modelId) => modelId switch
    {
        _ when modelId.StartsWith("imagen", StringComparison.Ordinal) => Imagen,
        _ when modelId.StartsWith("imagegeneration", StringComparison.Ordinal) => Imagen,
        _ when modelId.StartsWith("gemini-", StringComparison.Ordinal) => Gemini,
        _ => null,
    };
}
