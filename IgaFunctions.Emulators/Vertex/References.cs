using System.Text.Json;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>The reference pictures of a request of the Gemini dialect: parts that hold a picture or name one.</summary>
internal static class References
{
    private static readonly string[] MimeTypes = ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"];

    /// <exception cref="Hosting.ApiException">400 INVALID_ARGUMENT that names the part.</exception>
    public static void Check(JsonElement body, EmulatedModel model)
    {
        var count = 0;
        var contents = Get(body, "contents")!.Value;
        for (var i = 0; i < contents.GetArrayLength(); i++)
        {
            var parts = Get(contents[i], "parts")!.Value;
            for (var j = 0; j < parts.GetArrayLength(); j++)
            {
                count += CheckPart(parts[j], $"contents[{i}].parts[{j}]") ? 1 : 0;
            }
        }

        if (count > model.MaxReferences)
        {
            throw Invalid("contents", $"{count} images are given; the model supports at most {model.MaxReferences}.");
        }
    }

    private static bool CheckPart(JsonElement part, string path)
    {
        var file = Get(part, "fileData");
        if (file is { } named)
        {
            if (Text(named, "fileUri", $"{path}.file_data.file_uri")?.StartsWith("gs://", StringComparison.Ordinal) != true)
            {
                throw Invalid($"{path}.file_data.file_uri", "a gs:// URI is expected.");
            }
        }

        if ((file ?? Get(part, "inlineData")) is not { } picture)
        {
            return false;
        }

        if (file is null && string.IsNullOrEmpty(Text(picture, "data", $"{path}.inline_data.data")))
        {
            throw Invalid($"{path}.inline_data.data", "a picture is required.");
        }

        OneOf(Text(picture, "mimeType", $"{path}.mime_type") ?? "", $"{path}.mime_type", MimeTypes);
        return true;
    }
}
