namespace Iga.Emulators.Vertex;

/// <summary>
/// The models that are emulated: those of the service's catalog, as they stand there, and a few that answer text. Retired ones are
/// still there, since private deployments are asked in the same way.
/// </summary>
internal sealed class EmulatedModels
{
    /// <summary>Stable models that answer text. They are served in more places than are worth a list: everywhere.</summary>
    private static readonly string[] TextModels = ["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"];

    private readonly Dictionary<string, EmulatedModel> _models;

    /// <param name="catalogFile">A file that adds to the built-in catalog, or null.</param>
    /// <param name="known">The only ids that exist, also those that no catalog has; null is the catalog's.</param>
    /// <exception cref="ArgumentException">The file is no catalog.</exception>
    public EmulatedModels(string? catalogFile, IReadOnlySet<string>? known)
    {
        _models = TextModels.ToDictionary(id => id, id => EmulatedModel.Widest(id, Dialect.Gemini) with { IsText = true });
        using (var builtIn = typeof(EmulatedModels).Assembly.GetManifestResourceStream("models.json")!)
        {
            Add(builtIn, "models.json");
        }

        if (catalogFile is not null)
        {
            using var file = File.OpenRead(catalogFile);
            Add(file, catalogFile);
        }

        if (known is not null)
        {
            _models = (from id in known
                       let dialect = Dialect.OfModel(id)
                       where _models.ContainsKey(id) || dialect is not null
                       select _models.GetValueOrDefault(id) ?? EmulatedModel.Widest(id, dialect!)).ToDictionary(model => model.Id);
        }
    }

    /// <summary>The ids, in their order.</summary>
    public IReadOnlyList<string> Ids => [.. _models.Keys.Order(StringComparer.Ordinal)];

    /// <returns>Null when there is no such model.</returns>
    public EmulatedModel? Find(string modelId) => _models.GetValueOrDefault(modelId);

    private void Add(Stream file, string name)
    {
        foreach (var model in CatalogOfModels.Read(file, name))
        {
            _models[model.Id] = model;
        }
    }
}
