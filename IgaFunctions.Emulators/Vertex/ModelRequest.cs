namespace Iga.Emulators.Vertex;

/// <summary>A valid request to a model, in either dialect.</summary>
/// <param name="SampleCount">Pictures wanted, 1 to 4.</param>
/// <param name="IncludeRaiReason">Imagen: whether a filtered answer says why.</param>
/// <param name="WantsImage">Gemini: IMAGE is among the response modalities.</param>
/// <param name="WantsText">Gemini: TEXT is among the response modalities.</param>
/// <param name="TokensEach">Gemini: what a picture counts for.</param>
/// <param name="Thinks">Gemini: the model thinks before it answers.</param>
/// <param name="Traffic">Gemini: the terms under which the request is served.</param>
internal sealed record ModelRequest(
    string Prompt,
    int Width,
    int Height,
    string MimeType,
    int SampleCount = 1,
    bool IncludeRaiReason = true,
    bool WantsImage = true,
    bool WantsText = false,
    int TokensEach = 0,
    bool Thinks = false,
    string Traffic = "ON_DEMAND")
{
    /// <summary>Gemini: what the whole request counts for.</summary>
    public TokenCount Tokens { get; init; } = new(0, 0);
}
