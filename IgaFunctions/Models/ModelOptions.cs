using Iga.Models.Catalog;
using Iga.Tasks;

namespace Iga.Models;

/// <summary>Which models are called.</summary>
/// <param name="DefaultModelId">IGA_VERTEXAI_IMAGE_MODEL_ID, after aliases are resolved.</param>
/// <param name="Aliases">IGA_MODEL_ALIASES: an id that callers send, and the model that is called for it.</param>
/// <param name="AllowedModelIds">IGA_ALLOWED_MODEL_IDS; empty allows every model of a known family.</param>
/// <param name="Fallbacks">IGA_MODEL_FALLBACKS: the models that step in for one that can't be had, in this order.</param>
/// <param name="Catalog">The built-in catalog and that of IGA_MODEL_CATALOG.</param>
public sealed record ModelOptions(
    string DefaultModelId, IReadOnlyDictionary<string, string> Aliases, IReadOnlySet<string> AllowedModelIds,
    IReadOnlyList<string> Fallbacks, ModelCatalog Catalog)
{
    /// <summary>The models that can make a request's picture, in the order in which they are tried: its own first.</summary>
    public IReadOnlyList<string> CandidatesFor(ImageRequest request) =>
        [request.ModelId, .. Fallbacks.Where(id => id != request.ModelId && Catalog.Find(id)!.Offer.Covers(request))];
}
