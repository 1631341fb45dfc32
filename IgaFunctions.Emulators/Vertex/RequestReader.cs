using System.Text.Json;
using Iga.Emulators.Hosting;

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
        // The real service reads its parameters as protobuf numbers: 1.0 is 1.
        { ValueKind: JsonValueKind.Number } n when n.GetDouble() is var d && d == Math.Floor(d) && Math.Abs(d) <= int.MaxValue
            => (int)d,
        _ => throw Invalid(path, "a whole number is expected."),
    };

    public static string OneOf(string value, string path, params IEnumerable<string> allowed) => allowed.Contains(value)
        ? value
        : throw Invalid(path, $"\"{value}\" is not supported. Supported values: {string.Join(", ", allowed)}.");

    /// <summary>The Gemini surface is typed: a field that it doesn't know is an error.</summary>
    public static void OnlyKnown(JsonElement message, string path, params ReadOnlySpan<string> known)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(path, "an object is expected.");
        }

        foreach (var property in message.EnumerateObject())
        {
            var found = false;
            foreach (var name in known)
            {
                found |= Same(property.Name, name);
            }

            if (!found)
            {
                throw new ApiException(400, "INVALID_ARGUMENT",
                    $"Invalid JSON payload received. Unknown name \"{property.Name}\" at '{path}': Cannot find field.");
            }
        }
    }

    private static bool Same(string sent, string camelCase) => sent == camelCase
        || (sent.Contains('_', StringComparison.Ordinal)
            && sent.Replace("_", "", StringComparison.Ordinal).Equals(camelCase, StringComparison.OrdinalIgnoreCase));
}
