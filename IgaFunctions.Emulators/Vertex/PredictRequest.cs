using System.Text.Json;
using Iga.Emulators.Hosting;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>The request of the Imagen dialect.</summary>
internal static class PredictRequest
{
    // The last four are those of earlier models.
    private static readonly string[] SafetySettings =
    [
        "block_low_and_above", "block_medium_and_above", "block_only_high", "block_none",
        "block_most", "block_some", "block_few", "block_fewest",
    ];

    /// <returns>The prompt as far as the body holds one, whatever else is wrong with it.</returns>
    public static string PromptOf(JsonElement body) =>
        Get(body, "instances") is { ValueKind: JsonValueKind.Array } instances && instances.GetArrayLength() > 0
        && Get(instances[0], "prompt") is { ValueKind: JsonValueKind.String } prompt
            ? prompt.GetString()!
            : "";

    /// <exception cref="ApiException">400 INVALID_ARGUMENT that names the field.</exception>
    public static ModelRequest Read(JsonElement body, EmulatedModel model, string defaultMimeType)
    {
        if (Get(body, "instances") is not { ValueKind: JsonValueKind.Array } instances || instances.GetArrayLength() != 1)
        {
            throw Invalid("instances", "exactly one instance is expected.");
        }

        var prompt = Text(instances[0], "prompt", "instances[0].prompt");
        if (string.IsNullOrWhiteSpace(prompt))
        {
            throw Invalid("instances[0].prompt", "a prompt that is not empty is required.");
        }

        var parameters = Get(body, "parameters") ?? default;
        if (parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            throw Invalid("parameters", "an object is expected.");
        }

        NotEmulated.CheckInstance(instances[0], parameters);
        var count = Number(parameters, "sampleCount", "parameters.sampleCount") ?? 4;
        if (count is < 1 or > 4)
        {
            throw Invalid("parameters.sampleCount", $"{count} is out of range. Supported values: 1 to 4.");
        }

        var watermark = Flag(parameters, "addWatermark", "parameters.addWatermark") ?? true;
        if (Number(parameters, "seed", "parameters.seed") is not null && watermark)
        {
            throw Invalid("parameters.seed", "Seed is not supported when watermark is enabled; set addWatermark to false.");
        }

        // Google's clients write these in upper case, its reference in lower.
        if (Lower(parameters, "personGeneration", "parameters.personGeneration") is { } people)
        {
            OneOf(people, "parameters.personGeneration", "dont_allow", "allow_adult", "allow_all");
        }

        if (Lower(parameters, "safetySetting", "parameters.safetySetting") is { } safety)
        {
            OneOf(safety, "parameters.safetySetting", SafetySettings);
        }

        var ratio = OneOf(
            Text(parameters, "aspectRatio", "parameters.aspectRatio") ?? "1:1",
            "parameters.aspectRatio",
            model.Ratios);
        var size = OneOf(
            Text(parameters, "sampleImageSize", "parameters.sampleImageSize") ?? model.UsualSize,
            "parameters.sampleImageSize",
            model.Tokens.Keys);
        var (width, height) = PixelGrid.PixelsOf(model.Id, ratio, size);
        return new ModelRequest(
            prompt,
            width,
            height,
            MimeType(parameters) ?? defaultMimeType,
            count,
            Flag(parameters, "includeRaiReason", "parameters.includeRaiReason") ?? false);
    }

    private static string? MimeType(JsonElement parameters)
    {
        var output = Get(parameters, "outputOptions") ?? default;
        if (Number(output, "compressionQuality", "parameters.outputOptions.compressionQuality") is < 0 or > 100)
        {
            throw Invalid("parameters.outputOptions.compressionQuality", "0 to 100 is expected.");
        }

        return Text(output, "mimeType", "parameters.outputOptions.mimeType") is { } type
            ? OneOf(type, "parameters.outputOptions.mimeType", "image/png", "image/jpeg")
            : null;
    }
}
