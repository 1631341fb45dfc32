using System.Text.Json;
using Iga.Emulators.Hosting;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>What a request may ask of Google, and an answer from here would leave out without a word.</summary>
internal static class NotEmulated
{
    private static readonly string[] OfRequest = ["cachedContent", "continuationToken", "outputConfig", "serviceTier"];

    private static readonly string[] OfConfig = ["responseFormat", "responseSchema", "responseJsonSchema"];

    private static readonly string[] OfPart = ["functionCall", "functionResponse", "executableCode", "codeExecutionResult"];

    // Of Imagen: pictures to be edited, scaled up or followed.
    private static readonly string[] OfInstance = ["image", "mask", "referenceImages", "video"];

    private static readonly string[] OfParameters = ["mode", "editMode", "editConfig", "upscaleConfig", "storageUri"];

    /// <summary>A search before the picture is drawn: the picture is the same here, and the answer names no sources.</summary>
    private const string Search = "googleSearch";

    /// <param name="body">Of the Gemini dialect.</param>
    /// <exception cref="ApiException">501 that names the field.</exception>
    public static void CheckContents(JsonElement body)
    {
        Check(body, OfRequest, "");
        var config = Get(body, "generationConfig") ?? default;
        Check(config, OfConfig, "generation_config.");
        if (Text(config, "responseMimeType", "generation_config.response_mime_type") is not (null or "" or "text/plain"))
        {
            throw VertexErrors.NotEmulated("generation_config.response_mime_type");
        }

        foreach (var (part, path) in Parts(body))
        {
            Check(part, OfPart, path);
        }

        foreach (var (tool, i) in List(body, "tools").Select((tool, i) => (tool, i)))
        {
            Check(tool, tool.EnumerateObject().Select(member => member.Name).Where(name => !Same(name, Search)), $"tools[{i}].");
        }
    }

    /// <param name="parameters">Of the Imagen dialect.</param>
    /// <exception cref="ApiException">501 that names the field.</exception>
    public static void CheckInstance(JsonElement instance, JsonElement parameters)
    {
        Check(instance, OfInstance, "instances[0].");
        Check(parameters, OfParameters, "parameters.");
    }

    private static IEnumerable<(JsonElement Part, string Path)> Parts(JsonElement body) =>
        List(body, "contents").SelectMany((content, i) => List(content, "parts").Select((part, j) => (part, $"contents[{i}].parts[{j}].")));

    private static void Check(JsonElement parent, IEnumerable<string> fields, string path)
    {
        foreach (var name in fields.Where(name => IsSet(Get(parent, name))))
        {
            throw VertexErrors.NotEmulated(path + JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
        }
    }

    // An empty text is an absent one.
    private static bool IsSet(JsonElement? field) => field is { } value && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(""));
}
