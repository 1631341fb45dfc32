using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Iga.Tests.OpenApi.Contract;

/// <summary>
/// The schemas of the document, stricter than it tells its readers: an object has no other members than those documented, a time
/// ends in Z. Clients have to bear new members; the service may not have any that nobody described.
/// </summary>
internal sealed class StrictSchemas(JsonObject schemas)
{
    private const string Components = "#/components/schemas/";

    private static readonly HashSet<string> Formats = ["uuid", "date", "date-time", "uri"];

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly ConcurrentDictionary<string, JsonSchema> _built = new();

    private readonly JsonObject _definitions = new(
        schemas.Select(schema => KeyValuePair.Create(schema.Key, Strict(schema.Value!))));

    /// <returns>What is wrong with a value, with the path to it; null if nothing is.</returns>
    public string? FindWrong(JsonNode schema, JsonElement value)
    {
        var results = _built.GetOrAdd(schema.ToJsonString(), Build).Evaluate(value, Options);
        if (results.IsValid)
        {
            return null;
        }

        var errors = (results.Details ?? []).Append(results)
            .Where(detail => detail.Errors is { Count: > 0 })
            .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}")
            .Distinct();
        return string.Join(" | ", errors);
    }

    private JsonSchema Build(string schema)
    {
        var whole = Strict(JsonNode.Parse(schema)!)!.AsObject();
        whole["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        whole["$defs"] = _definitions.DeepClone();
        return JsonSchema.FromText(whole.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
    }

    private static JsonNode? Strict(JsonNode node)
    {
        if (node is JsonArray list)
        {
            return new JsonArray([.. list.Select(element => element is null ? null : Strict(element))]);
        }

        if (node is not JsonObject schema)
        {
            return node.DeepClone();
        }

        var strict = new JsonObject();
        foreach (var (name, value) in schema.Where(member => member.Value is not null))
        {
            strict[name] = name switch
            {
                "$ref" => value!.ToString().Replace(Components, "#/$defs/", StringComparison.Ordinal),
                "properties" => new JsonObject(value!.AsObject().Select(property => KeyValuePair.Create(property.Key, Strict(property.Value!)))),
                "enum" or "const" or "examples" or "default" or "required" => value!.DeepClone(),
                _ => Strict(value!),
            };
        }

        if (schema["format"] is { } format && !Formats.Contains(format.ToString()))
        {
            strict.Remove("format"); // a width or a kind of content, for those who make clients
        }

        if (schema["format"]?.ToString() == "date-time")
        {
            strict["pattern"] = "Z$";
        }

        if (schema["properties"] is not null && schema["additionalProperties"] is null)
        {
            strict["additionalProperties"] = false;
        }

        return strict;
    }
}
