using System.Text.Json;
using Iga.Emulators.Hosting;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>The request of the Gemini dialect.</summary>
internal static class GenerateContentRequest
{
    /// <returns>The text of all parts of the last content, whatever else is wrong with the body.</returns>
    public static string PromptOf(JsonElement body) =>
        Get(body, "contents") is { ValueKind: JsonValueKind.Array } contents && contents.GetArrayLength() > 0
        && Get(contents[contents.GetArrayLength() - 1], "parts") is { ValueKind: JsonValueKind.Array } parts
            ? string.Concat(parts.EnumerateArray()
                .Select(p => Get(p, "text"))
                .Select(t => t is { ValueKind: JsonValueKind.String } text ? text.GetString() : ""))
            : "";

    /// <exception cref="ApiException">400 INVALID_ARGUMENT that names the field.</exception>
    public static ModelRequest Read(JsonElement body, EmulatedModel model, string defaultMimeType)
    {
        // Google's own clients, over REST, repeat in the body the model that stands in the path.
        OnlyKnown(body, "", "model", "contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig",
            "labels", "cachedContent", "modelArmorConfig");
        CheckContents(body);
        References.Check(body, model);
        var prompt = PromptOf(body);
        if (string.IsNullOrWhiteSpace(prompt))
        {
            throw Invalid("contents", "a text part that is not empty is required.");
        }

        var config = Get(body, "generationConfig") ?? default;
        if (config.ValueKind != JsonValueKind.Undefined)
        {
            OnlyKnown(config, "generation_config", "temperature", "topP", "topK", "candidateCount", "maxOutputTokens",
                "stopSequences", "presencePenalty", "frequencyPenalty", "responseMimeType", "responseSchema",
                "responseJsonSchema", "seed", "responseModalities", "mediaResolution", "speechConfig", "thinkingConfig",
                "imageConfig", "responseLogprobs", "logprobs", "audioTimestamp", "routingConfig", "modelConfig");
        }

        if (Number(config, "candidateCount", "generation_config.candidate_count") is { } candidates and not 1)
        {
            throw Invalid("generation_config.candidate_count", $"{candidates} is not supported. Supported values: 1.");
        }

        SamplingParameters.Check(config, model);
        var modalities = Modalities(config);
        if (model.IsText)
        {
            return TextRequest.Of(prompt, model, Get(config, "responseModalities") is null ? null : modalities);
        }

        var image = Get(config, "imageConfig") ?? default;
        if (image.ValueKind != JsonValueKind.Undefined)
        {
            OnlyKnown(image, "generation_config.image_config", "aspectRatio", "imageSize", "imageOutputOptions",
                "personGeneration", "prominentPeople");
        }

        var ratio = OneOf(
            Text(image, "aspectRatio", "generation_config.image_config.aspect_ratio") ?? "1:1",
            "generation_config.image_config.aspect_ratio",
            model.Ratios);
        var size = SizeOf(image, model);
        var (width, height) = PixelGrid.PixelsOf(model.Id, ratio, size);
        return new ModelRequest(
            prompt,
            width,
            height,
            MimeType(image) ?? defaultMimeType,
            WantsImage: modalities.Contains("IMAGE"),
            WantsText: modalities.Contains("TEXT"),
            TokensEach: model.Tokens[size],
            Thinks: model.Thinks);
    }

    /// <returns>A key of the model's <see cref="EmulatedModel.Tokens"/>.</returns>
    private static string SizeOf(JsonElement image, EmulatedModel model)
    {
        const string Path = "generation_config.image_config.image_size";
        if (Text(image, "imageSize", Path) is not { } wanted)
        {
            return model.UsualSize;
        }

        return model.Tokens.ContainsKey("")
            ? throw Invalid(Path, "the model does not support this field.")
            : OneOf(wanted, Path, model.Tokens.Keys);
    }

    private static void CheckContents(JsonElement body)
    {
        if (Get(body, "contents") is not { ValueKind: JsonValueKind.Array } contents || contents.GetArrayLength() == 0)
        {
            throw Invalid("contents", "at least one content is required.");
        }

        for (var i = 0; i < contents.GetArrayLength(); i++)
        {
            OnlyKnown(contents[i], $"contents[{i}]", "role", "parts");
            // Vertex AI, unlike the Gemini API, insists on the role.
            if (Text(contents[i], "role", $"contents[{i}].role") is not ("user" or "model"))
            {
                throw new ApiException(400, "INVALID_ARGUMENT",
                    $"Please use a valid role: user, model. Invalid value at 'contents[{i}].role'.");
            }

            if (Get(contents[i], "parts") is not { ValueKind: JsonValueKind.Array } parts || parts.GetArrayLength() == 0)
            {
                throw Invalid($"contents[{i}].parts", "at least one part is required.");
            }

            for (var j = 0; j < parts.GetArrayLength(); j++)
            {
                OnlyKnown(parts[j], $"contents[{i}].parts[{j}]", "text", "inlineData", "fileData", "thought",
                    "thoughtSignature", "mediaResolution");
                _ = Text(parts[j], "text", $"contents[{i}].parts[{j}].text");
            }
        }
    }

    private static IReadOnlyList<string> Modalities(JsonElement config)
    {
        const string Path = "generation_config.response_modalities";
        if (Get(config, "responseModalities") is not { } list)
        {
            return ["TEXT", "IMAGE"];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Invalid(Path, "an array is expected.");
        }

        return
        [
            .. list.EnumerateArray().Select(m => m.ValueKind == JsonValueKind.String
                ? OneOf(m.GetString()!.ToUpperInvariant(), Path, "TEXT", "IMAGE")
                : throw Invalid(Path, "strings are expected.")),
        ];
    }

    private static string? MimeType(JsonElement image)
    {
        const string Path = "generation_config.image_config.image_output_options";
        if (Get(image, "imageOutputOptions") is not { } output)
        {
            return null;
        }

        OnlyKnown(output, Path, "mimeType", "compressionQuality");
        return Text(output, "mimeType", Path + ".mime_type") is { } type
            ? OneOf(type, Path + ".mime_type", "image/png", "image/jpeg")
            : null;
    }
}
