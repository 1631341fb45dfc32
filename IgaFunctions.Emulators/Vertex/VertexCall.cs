namespace Iga.Emulators.Vertex;

/// <summary>A request to a model, as it arrived.</summary>
/// <param name="ModelId">As in the URL, unescaped.</param>
/// <param name="Method"><c>predict</c>, <c>generateContent</c> or <c>streamGenerateContent</c>.</param>
/// <param name="Prompt">Empty when the body holds none.</param>
/// <param name="Body">The raw JSON.</param>
public sealed record VertexCall(string ModelId, string Method, string Prompt, string Body);
