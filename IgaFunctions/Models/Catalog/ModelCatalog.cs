using System.Collections.Frozen;

namespace Iga.Models.Catalog;

/// <summary>
/// The models that the service knows: what each offers, where it is served, what it costs. Built in is <c>models.json</c>;
/// <c>IGA_MODEL_CATALOG</c> names a file that adds to it.
/// </summary>
public sealed class ModelCatalog
{
    private static readonly Lazy<ModelCatalog> Embedded = new(() =>
    {
        using var file = typeof(ModelCatalog).Assembly.GetManifestResourceStream("models.json")!;
        return new(CatalogFile.Read(file));
    });

    private readonly FrozenDictionary<string, CatalogModel> _models;

    private ModelCatalog(IEnumerable<CatalogModel> models)
    {
        Models = [.. models];
        _models = Models.ToFrozenDictionary(model => model.Id);
        HighestPrice = Models.SelectMany(model => model.Offer.ImageSizes).Max(size => size.Usd) ?? 0;
    }

    public static ModelCatalog BuiltIn => Embedded.Value;

    internal IReadOnlyList<CatalogModel> Models { get; }

    /// <summary>What the dearest picture of all costs, US dollars: what one counts as whose price is not known.</summary>
    public decimal HighestPrice { get; }

    /// <param name="models">Those of an id that the catalog has replace it.</param>
    internal ModelCatalog With(IReadOnlyCollection<CatalogModel> models) =>
        new(Models.Where(model => models.All(other => other.Id != model.Id)).Concat(models));

    public bool Has(string modelId) => _models.ContainsKey(modelId);

    /// <param name="imageSize">As in a request; null is the model's usual size.</param>
    /// <returns>The list price of a picture, US dollars; the highest of all where the catalog has none.</returns>
    public decimal PriceOf(string modelId, string? imageSize) =>
        _models.GetValueOrDefault(modelId)?.Offer.SizeOf(imageSize)?.Usd ?? HighestPrice;

    /// <param name="modelId">A model id, after aliases are resolved.</param>
    /// <returns>
    /// The catalog's model; for another id of a known family one that offers all that any model of the family does; else null.
    /// </returns>
    internal CatalogModel? Find(string modelId) =>
        _models.GetValueOrDefault(modelId)
        ?? (ModelFamily.Of(modelId) is { } family ? new(modelId, family, family.Widest, []) : null);
}
