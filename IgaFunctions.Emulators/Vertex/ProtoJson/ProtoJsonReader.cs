using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex.ProtoJson;

/// <summary>
/// Reads a request as Google's front end reads proto3 JSON: names in camelCase or snake_case, one value where a list is expected, null for
/// what is absent, enums by name or number, numbers as strings, base64 of either alphabet. What comes out has one form: camelCase, lists,
/// names of enums in upper case.
/// </summary>
internal sealed class ProtoJsonReader
{
    private readonly string _package;
    private readonly List<FieldViolation> _violations = [];

    private ProtoJsonReader(string version) => _package = $"type.googleapis.com/google.cloud.aiplatform.{version}";

    /// <param name="version">The API's, which errors name: <c>v1</c>.</param>
    /// <returns>What could be read, and what is wrong with the rest: everything at once.</returns>
    public static (JsonElement Message, ApiException? Error) Read(JsonElement body, FieldType.Message type, string version)
    {
        var reader = new ProtoJsonReader(version);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            reader.Message(body, type, "").WriteTo(json);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return (document.RootElement.Clone(), reader._violations is [] ? null : ApiException.Of(reader._violations));
    }

    private JsonObject Message(JsonElement sent, FieldType.Message type, string path)
    {
        var read = new JsonObject();
        var groups = new HashSet<string>();
        foreach (var member in sent.EnumerateObject())
        {
            if (type.Find(member.Name) is not { } field)
            {
                Report(path, $"Invalid JSON payload received. Unknown name \"{member.Name}\"{At(path)}: Cannot find field.");
            }
            else if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue; // as if it were absent
            }
            else if (field.OneOf is { } group && !groups.Add(group))
            {
                Report(path, $"Invalid value{At(path)} (oneof), oneof field '{group}' is already set. Cannot set '{member.Name}'");
            }
            else if ((field.IsList ? List(member.Value, field, path) : Single(member.Value, field, path, Join(path, field))) is { } value)
            {
                read[field.Name] = value;
            }
        }

        return read;
    }

    // One value stands for a list of it; a list of none is an absent one.
    private JsonArray? List(JsonElement sent, Field field, string parent)
    {
        var path = Join(parent, field);
        var values = sent.ValueKind == JsonValueKind.Array
            ? sent.EnumerateArray().Select((item, i) => Single(item, field, parent, $"{path}[{i}]"))
            : [Single(sent, field, parent, path)];
        JsonArray read = [.. values.Where(value => value is not null)];
        return read.Count > 0 ? read : null;
    }

    private JsonNode? Single(JsonElement sent, Field field, string parent, string path)
    {
        switch (field.Type, sent.ValueKind)
        {
            case (_, JsonValueKind.Null):
                return null;
            case (FieldType.Any, _):
                return Node(sent);
            case (_, JsonValueKind.Array):
                return Refuse(
                    parent,
                    $"Invalid JSON payload received. Unknown name \"{field.Name}\"{At(parent)}: Proto field is not repeating, cannot start list.");
            case (FieldType.Message { Fields: null } or FieldType.Map, JsonValueKind.Object):
                return Node(sent);
            case (FieldType.Message type, JsonValueKind.Object):
                return Message(sent, type, path);
            case (_, JsonValueKind.Object):
                return Refuse(parent, $"Invalid value{At(parent)} ({field.ProtoName}), Starting an object on a scalar field");
            case (FieldType.Binary, JsonValueKind.String) when ScalarJson.Base64(sent) is null:
                return Refuse(path, $"Invalid value at '{path}' (TYPE_BYTES), Base64 decoding failed for {ScalarJson.Quoted(sent)}");
            default:
                return ScalarJson.Read(sent, field.Type) ?? Refuse(path, $"Invalid value at '{path}' ({Label(field.Type)}), {ScalarJson.Quoted(sent)}");
        }
    }

    private JsonNode? Refuse(string path, string description)
    {
        Report(path, description);
        return null;
    }

    private void Report(string path, string description) => _violations.Add(new(path, description));

    private string Label(FieldType type) => type is FieldType.Choice or FieldType.Message ? $"{_package}.{type.Label}" : type.Label;

    private static JsonNode? Node(JsonElement sent) => sent.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(sent),
        JsonValueKind.Array => JsonArray.Create(sent),
        _ => JsonValue.Create(sent),
    };

    private static string Join(string path, Field field) => path.Length == 0 ? field.ProtoName : $"{path}.{field.ProtoName}";

    private static string At(string path) => path.Length == 0 ? "" : $" at '{path}'";
}
