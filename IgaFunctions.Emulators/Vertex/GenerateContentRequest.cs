using System.Text.Json;
using Iga.Emulators.Hosting;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>The request of the Gemini dialect.</summary>
internal static class GenerateContentRequest
{
    /// <returns>The text of all parts of the last content, whatever else is wrong with the body.</returns>
    public static string PromptOf(JsonElement body) => string.Concat(
        List(List(body, "contents").LastOrDefault(), "parts")
            .Select(part => Get(part, "text")).Select(text => text?.GetString()));

    /// <param name="body">As <see cref="ProtoJson.ProtoJsonReader"/> has read it.</param>
    /// <exception cref="ApiException">400 INVALID_ARGUMENT that names the field.</exception>
    public static ModelRequest Read(JsonElement body, EmulatedModel model, string defaultMimeType)
    {
        CheckContents(body);
        NotEmulated.CheckContents(body);
        References.Check(body, model);
        var prompt = PromptOf(body);
        if (string.IsNullOrWhiteSpace(prompt))
        {
            throw Invalid("contents", "a text part that is not empty is required.");
        }

        var config = Get(body, "generationConfig") ?? default;
        if (Number(config, "candidateCount", "generation_config.candidate_count") is { } candidates and not 1)
        {
            throw Invalid("generation_config.candidate_count", $"{candidates} is not supported. Supported values: 1.");
        }

        if (Number(config, "seed", "generation_config.seed") is not null && !model.TakesSeed)
        {
            throw Invalid("generation_config.seed", "the model does not support a seed.");
        }

        var modalities = Modalities(config);
        var image = Get(config, "imageConfig") ?? default;
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
            TokensEach: model.Tokens[size]);
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

    /// <exception cref="ApiException">400 INVALID_ARGUMENT: no content, one without parts, or a wrong role.</exception>
    public static void CheckContents(JsonElement body)
    {
        JsonElement[] contents = [.. List(body, "contents")];
        if (contents.Length == 0)
        {
            throw Invalid("contents", "at least one content is required.");
        }

        for (var i = 0; i < contents.Length; i++)
        {
            // Vertex AI, unlike the Gemini API, insists on the role. It takes it in upper case as well.
            if (Lower(contents[i], "role", $"contents[{i}].role") is not ("user" or "model"))
            {
                throw new ApiException(400, "INVALID_ARGUMENT", "Please use a valid role: user, model.");
            }

            if (!List(contents[i], "parts").Any())
            {
                throw Invalid($"contents[{i}].parts", "at least one part is required.");
            }
        }
    }

    private static IReadOnlyList<string> Modalities(JsonElement config)
    {
        string[] wanted = [.. List(config, "responseModalities").Select(m => m.GetString()!)];
        return wanted.Length == 0 ? ["TEXT", "IMAGE"]
            : [.. wanted.Select(m => OneOf(m, "generation_config.response_modalities", "TEXT", "IMAGE"))];
    }

    private static string? MimeType(JsonElement image)
    {
        const string Path = "generation_config.image_config.image_output_options";
        if (Get(image, "imageOutputOptions") is not { } output)
        {
            return null;
        }

        return Text(output, "mimeType", Path + ".mime_type") is { } type
            ? OneOf(type, Path + ".mime_type", "image/png", "image/jpeg")
            : null;
    }
}
