using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.Http;
using Iga.ListModels;
using Iga.Models;

namespace Iga.OpenApi;

/// <summary>
/// What the service offers by HTTP, as OpenAPI 3.1: the parts of <c>Document/</c>, with what depends on this service filled in: its
/// version, and what its models offer.
/// </summary>
public sealed class ApiDocument(ModelOptions models, VertexOptions vertex)
{
    private readonly Lazy<StaticFile> _file = new(() => new(
        JsonSerializer.SerializeToUtf8Bytes(Make(ListModelsResponse.Of(models, vertex)), ReadableJson.Options),
        "application/json; charset=utf-8"));

    internal StaticFile File => _file.Value;

    internal static JsonObject Make(ListModelsResponse offered)
    {
        var document = DocumentParts.Join();
        document["info"]!["version"] = Version;
        var schemas = document["components"]!["schemas"]!;
        LimitTo(schemas["AspectRatio"]!, offered.Models.SelectMany(model => model.AspectRatios));
        LimitTo(schemas["ImageSize"]!, offered.Models.SelectMany(model => model.ImageSizes));
        LimitTo(schemas["OutputFormat"]!, offered.Models.SelectMany(model => model.OutputFormats));

        // Examples and no limit: a client that was generated yesterday may name tomorrow's model.
        schemas["GenerateImageRequest"]!["properties"]!["model_id_override"]!["examples"] = Texts(offered.Models.Select(model => model.Id));
        return document;
    }

    private static string Version =>
        typeof(ApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static void LimitTo(JsonNode schema, IEnumerable<string> values)
    {
        if (Texts(values) is { Count: > 0 } texts)
        {
            schema["enum"] = texts;
        }
    }

    private static JsonArray Texts(IEnumerable<string> values) => [.. values.Distinct().Select(value => JsonValue.Create(value))];
}
