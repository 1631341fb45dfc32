using System.Collections.Concurrent;
using System.Text.Json;

namespace Iga.Emulators.Vertex;

/// <summary>
/// The models that are emulated: every id of the families, each as the catalog of the service has it. Retired ones are still there,
/// since private deployments are asked in the same way.
/// </summary>
internal sealed class EmulatedModels
{
    private readonly ConcurrentDictionary<string, EmulatedModel> _models = new();

    /// <param name="catalogFile">A file that adds to the built-in catalog, or null.</param>
    /// <exception cref="ArgumentException">It is no such file.</exception>
    public EmulatedModels(string? catalogFile)
    {
        using (var builtIn = typeof(EmulatedModels).Assembly.GetManifestResourceStream("models.json")!)
        {
            Add(builtIn);
        }

        if (catalogFile is not null)
        {
            using var file = File.OpenRead(catalogFile);
            try
            {
                Add(file);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
            {
                throw new ArgumentException($"{catalogFile} is no catalog of models: {exception.Message}", exception);
            }
        }
    }

    /// <summary>The ids in the catalog, in their order.</summary>
    public IReadOnlyList<string> Ids => [.. _models.Keys.Order(StringComparer.Ordinal)];

    /// <returns>Null when the id is of no family.</returns>
    public EmulatedModel? Find(string modelId) =>
        _models.TryGetValue(modelId, out var model) ? model
        : Dialect.OfModel(modelId) is { } dialect ? EmulatedModel.Widest(modelId, dialect)
        : null;

    private void Add(Stream file)
    {
        using var catalog = JsonDocument.Parse(
            file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        foreach (var entry in catalog.RootElement.GetProperty("models").EnumerateArray())
        {
            var id = entry.GetProperty("id").GetString()!;
            var dialect = entry.GetProperty("family").GetString() == "imagen" ? Dialect.Imagen : Dialect.Gemini;
            var widest = EmulatedModel.Widest(id, dialect);
            _models[id] = widest with
            {
                Ratios = Texts(entry, "aspect_ratios") ?? widest.Ratios,
                Locations = Texts(entry, "locations") ?? [],
                MaxReferences = Find(entry, "max_reference_images")?.GetInt32() ?? widest.MaxReferences,
                TakesSeed = Find(entry, "takes_seed")?.GetBoolean() ?? true,
                Tokens = Find(entry, "image_sizes")?.EnumerateArray().ToDictionary(
                    size => Find(size, "size")?.GetString() ?? "",
                    size => Find(size, "output_tokens")?.GetInt32() ?? 0) ?? widest.Tokens,
            };
        }
    }

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string[]? Texts(JsonElement parent, string name) =>
        Find(parent, name) is { } list ? [.. list.EnumerateArray().Select(text => text.GetString()!)] : null;
}
