namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>What <c>generate</c> was asked for. What is null takes the service's default.</summary>
/// <param name="Prompt">A single hyphen stands for what is read from standard input.</param>
/// <param name="OutFile">Where the picture goes: a file, or a folder that exists. Null is the default folder.</param>
/// <param name="AddWatermark">False with <c>--no-watermark</c>, else null.</param>
/// <param name="OutputFormat">png or jpeg; null follows from the extension of <paramref name="OutFile"/>.</param>
/// <param name="Seed">As it was typed.</param>
/// <param name="ReferenceImages"><c>gs://</c> URIs of pictures that the model is shown.</param>
/// <param name="Force">Whether <paramref name="OutFile"/> may be overwritten.</param>
/// <param name="Json">Whether the result is one JSON object.</param>
internal sealed record GenerateArguments(
    string Prompt, string? AspectRatio = null, string? ModelId = null, string? OutFile = null, bool? AddWatermark = null,
    string? ImageSize = null, string? OutputFormat = null, string? Seed = null, IReadOnlyList<string>? ReferenceImages = null,
    bool Force = false, bool Json = false);
