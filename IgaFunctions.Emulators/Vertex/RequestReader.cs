using System.Text.Json;
using Iga.Emulators.Hosting;
using Iga.Emulators.Vertex.ProtoJson;

namespace Iga.Emulators.Vertex;

/// <summary>Reads fields of a request, and names the field that is wrong. Both spellings of the API's names are read.</summary>
internal static class RequestReader
{
    public static ApiException Invalid(string field, string problem) =>
        new(400, "INVALID_ARGUMENT", $"Invalid value at '{field}': {problem}");

    /// <returns>The field, by its camelCase or its snake_case name; null when absent or null.</returns>
    public static JsonElement? Get(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in parent.EnumerateObject())
        {
            if (Same(property.Name, name) && property.Value.ValueKind != JsonValueKind.Null)
            {
                return property.Value;
            }
        }

        return null;
    }

    public static string? Text(JsonElement parent, string name, string path) => Get(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw Invalid(path, "a string is expected."),
    };

    /// <returns>The text in lower case: names of an enum are written in either.</returns>
    public static string? Lower(JsonElement parent, string name, string path) => Text(parent, name, path)?.ToLowerInvariant();

    public static bool? Flag(JsonElement parent, string name, string path) => Get(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Invalid(path, "true or false is expected."),
    };

    public static int? Number(JsonElement parent, string name, string path) => Get(parent, name) switch
    {
        null => null,
        // The real service reads its parameters as protobuf numbers: 1.0 and "1" are 1.
        { } value when ScalarJson.Whole(value) is { } whole => whole,
        _ => throw Invalid(path, "a whole number is expected."),
    };

    public static string OneOf(string value, string path, params IEnumerable<string> allowed) => allowed.Contains(value)
        ? value
        : throw Invalid(path, $"\"{value}\" is not supported. Supported values: {string.Join(", ", allowed)}.");

    /// <returns>The elements of a list; none when it is absent.</returns>
    public static IEnumerable<JsonElement> List(JsonElement parent, string name) =>
        Get(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>Whether that is the name, in camelCase or snake_case.</summary>
    public static bool Same(string sent, string camelCase) => sent == camelCase
        || (sent.Contains('_', StringComparison.Ordinal)
            && sent.Replace("_", "", StringComparison.Ordinal).Equals(camelCase, StringComparison.OrdinalIgnoreCase));
}
