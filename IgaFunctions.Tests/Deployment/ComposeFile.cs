using System.Text.Json.Nodes;
using Iga.Tests.Architecture;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Iga.Tests.Deployment;

/// <summary>deploy/compose.yaml, with its anchors and merges resolved.</summary>
internal static class ComposeFile
{
    private static readonly JsonObject Whole = Read();

    public static IReadOnlyDictionary<string, ComposeService> Services { get; } = Whole["services"]!.AsObject()
        .ToDictionary(service => service.Key, service => new ComposeService(service.Key, service.Value!.AsObject()));

    public static IEnumerable<string> Volumes => Whole["volumes"]!.AsObject().Select(volume => volume.Key);

    private static JsonObject Read()
    {
        using var file = File.OpenText(Path.Combine(Sources.Root, "deploy", "compose.yaml"));
        var content = new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(file)));
        return Json(content)!.AsObject();
    }

    private static JsonNode? Json(object? value) => value switch
    {
        IDictionary<object, object> members => new JsonObject(
            members.Select(member => new KeyValuePair<string, JsonNode?>((string)member.Key, Json(member.Value)))),
        IList<object> items => new JsonArray([.. items.Select(Json)]),
        _ => value as string,
    };
}
