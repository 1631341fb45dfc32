using System.Text.Json;
using Iga.Emulators.Hosting;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>What a request may ask of Google, and an answer from here would leave out without a word.</summary>
internal static class NotEmulated
{
    private static readonly Dictionary<string, string> OfRequest = new()
    {
        ["cachedContent"] = "cached_content",
        ["continuationToken"] = "continuation_token",
        ["outputConfig"] = "output_config",
        ["serviceTier"] = "service_tier",
    };

    private static readonly Dictionary<string, string> OfConfig = new() { ["responseFormat"] = "generation_config.response_format" };

    private static readonly Dictionary<string, string> OfPart = new()
    {
        ["functionCall"] = "function_call",
        ["functionResponse"] = "function_response",
        ["executableCode"] = "executable_code",
        ["codeExecutionResult"] = "code_execution_result",
    };

    /// <exception cref="ApiException">501 that names the field.</exception>
    public static void Check(JsonElement body)
    {
        Check(body, OfRequest, "");
        Check(Get(body, "generationConfig") ?? default, OfConfig, "");
        foreach (var (part, path) in Parts(body))
        {
            Check(part, OfPart, path + ".");
        }
    }

    private static IEnumerable<(JsonElement Part, string Path)> Parts(JsonElement body) =>
        List(body, "contents").SelectMany(
            (content, i) => List(content, "parts").Select((part, j) => (part, $"contents[{i}].parts[{j}]")));

    private static void Check(JsonElement parent, Dictionary<string, string> fields, string path)
    {
        foreach (var (name, protoName) in fields)
        {
            if (Get(parent, name) is not null)
            {
                throw VertexErrors.NotEmulated(path + protoName);
            }
        }
    }
}
