namespace Iga.LocalHost.CommandLine;

/// <summary>What <c>generate</c> was asked for. What is null takes the service's default.</summary>
/// <param name="OutFile">Where the picture goes: a file, or a folder that exists. Null is the current folder.</param>
/// <param name="ReferenceImages"><c>gs://</c> URIs of pictures that the model is shown.</param>
/// <param name="AddWatermark">False with <c>--no-watermark</c>, else null.</param>
internal sealed record GenerateArguments(
    string Prompt, string? AspectRatio = null, string? ModelId = null, string? OutFile = null, bool? AddWatermark = null,
    string? ImageSize = null, string? OutputFormat = null, int? Seed = null, IReadOnlyList<string>? ReferenceImages = null);
