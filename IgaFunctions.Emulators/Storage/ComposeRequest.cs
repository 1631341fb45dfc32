using System.Globalization;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>What a request to compose says in its body.</summary>
internal static class ComposeRequest
{
    /// <exception cref="ApiException">400: a field of the wrong type.</exception>
    public static IReadOnlyList<CopySource> Sources(JsonElement body, string bucket)
    {
        if (!body.TryGetProperty("sourceObjects", out var sources))
        {
            return [];
        }

        return sources.ValueKind == JsonValueKind.Array
            ? [.. sources.EnumerateArray().Select(source => Source(source, bucket))]
            : throw Invalid("sourceObjects");
    }

    /// <returns>An empty object when nothing is said of it.</returns>
    /// <exception cref="ApiException">400: a field of the wrong type.</exception>
    public static JsonElement Destination(JsonElement body) => !body.TryGetProperty("destination", out var destination)
        ? RequestBody.ParseObject([])
        : destination.ValueKind == JsonValueKind.Object ? destination : throw Invalid("destination");

    public static bool DeletesSources(JsonElement body) =>
        body.TryGetProperty("deleteSourceObjects", out var delete) && delete.ValueKind == JsonValueKind.True;

    private static CopySource Source(JsonElement source, string bucket)
    {
        if (source.ValueKind != JsonValueKind.Object
            || !source.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
        {
            throw Invalid("sourceObjects.name");
        }

        var match = source.TryGetProperty("objectPreconditions", out var preconditions) && preconditions.ValueKind == JsonValueKind.Object
            ? Number(preconditions, "ifGenerationMatch")
            : null;
        return new CopySource(bucket, name.GetString()!, Number(source, "generation"), new Preconditions(GenerationMatch: match));
    }

    /// <summary>64-bit numbers are strings in JSON; the client for Node sends them as numbers.</summary>
    private static long? Number(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : value.ValueKind == JsonValueKind.String
            && long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number
        : throw Invalid($"sourceObjects.{name}");

    private static ApiException Invalid(string name) => new(400, "invalid", $"Invalid value for: {name}");
}
