using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>Reads a catalog of models, in the form of the service's IGA_MODEL_CATALOG.</summary>
internal static class CatalogOfModels
{
    private static readonly JsonDocumentOptions Form = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="name">The file's, for messages.</param>
    /// <exception cref="ArgumentException">It is no catalog; the message names the file, the place in it, and what is wrong there.</exception>
    public static IReadOnlyList<EmulatedModel> Read(Stream file, string name)
    {
        try
        {
            using var catalog = JsonDocument.Parse(file, Form);
            return catalog.RootElement is { ValueKind: JsonValueKind.Object } root
                && Find(root, "models") is { ValueKind: JsonValueKind.Array } models
                ? [.. models.EnumerateArray().Select((entry, i) => ReadModel(entry, $"models[{i}]"))]
                : throw new FormatException("an object with a list \"models\" is expected");
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            var problem = exception is JsonException json ? JsonProblem.Of(json) : exception.Message;
            throw new ArgumentException($"{name} is no catalog of models: {problem}", exception);
        }
    }

    private static EmulatedModel ReadModel(JsonElement entry, string path)
    {
        Demand(entry.ValueKind == JsonValueKind.Object, path, "an object");
        var id = Text(entry, "id", path) ?? throw Wrong($"{path}.id", "a string");
        var dialect = Text(entry, "family", path) switch
        {
            "gemini" => Dialect.Gemini,
            "imagen" => Dialect.Imagen,
            _ => throw Wrong($"{path}.family", "\"gemini\" or \"imagen\""),
        };
        var widest = EmulatedModel.Widest(id, dialect);
        return widest with
        {
            Ratios = Texts(entry, "aspect_ratios", path) ?? widest.Ratios,
            Locations = Texts(entry, "locations", path) ?? [],
            MaxReferences = Number(entry, "max_reference_images", path) ?? widest.MaxReferences,
            TakesSeed = Flag(entry, "takes_seed", path) ?? true,
            Tokens = Sizes(entry, path) ?? widest.Tokens,
        };
    }

    private static Dictionary<string, int>? Sizes(JsonElement entry, string path)
    {
        if (List(entry, "image_sizes", path) is not { } sizes)
        {
            return null;
        }

        var tokens = new Dictionary<string, int>();
        foreach (var (place, size) in sizes)
        {
            Demand(size.ValueKind == JsonValueKind.Object, place, "an object");
            tokens[Text(size, "size", place) ?? ""] = Number(size, "output_tokens", place) ?? 0;
        }

        return tokens.Count > 0 ? tokens : null;
    }

    private static string[]? Texts(JsonElement entry, string name, string path) => List(entry, name, path)?.Select(item =>
    {
        Demand(item.Value.ValueKind == JsonValueKind.String, item.Path, "a string");
        return item.Value.GetString()!;
    }).ToArray();

    private static IEnumerable<(string Path, JsonElement Value)>? List(JsonElement entry, string name, string path)
    {
        if (Find(entry, name) is not { } list)
        {
            return null;
        }

        Demand(list.ValueKind == JsonValueKind.Array, $"{path}.{name}", "a list");
        return list.EnumerateArray().Select((item, i) => ($"{path}.{name}[{i}]", item));
    }

    private static string? Text(JsonElement entry, string name, string path) => Find(entry, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw Wrong($"{path}.{name}", "a string"),
    };

    private static int? Number(JsonElement entry, string name, string path) => Find(entry, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= 0 => value,
        _ => throw Wrong($"{path}.{name}", "a whole number, 0 or more"),
    };

    private static bool? Flag(JsonElement entry, string name, string path) => Find(entry, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        _ => throw Wrong($"{path}.{name}", "true or false"),
    };

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void Demand(bool isRight, string path, string what)
    {
        if (!isRight)
        {
            throw Wrong(path, what);
        }
    }

    private static FormatException Wrong(string path, string what) => new($"{path} has to be {what}");
}
