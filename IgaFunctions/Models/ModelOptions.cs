using System.Collections.Frozen;
using Iga.Images;
using Iga.Models.Catalog;
using Iga.Tasks;

namespace Iga.Models;

/// <summary>Which models are called.</summary>
/// <param name="DefaultModelId">IGA_VERTEXAI_IMAGE_MODEL_ID, after aliases are resolved.</param>
/// <param name="Aliases">IGA_MODEL_ALIASES: an id that callers send, and the model that is called for it.</param>
/// <param name="AllowedModelIds">IGA_ALLOWED_MODEL_IDS, of the catalog or not; empty allows the catalog's.</param>
/// <param name="Fallbacks">IGA_MODEL_FALLBACKS: the models that step in for one that can't be had, in this order.</param>
/// <param name="Catalog">The built-in catalog and that of IGA_MODEL_CATALOG.</param>
public sealed record ModelOptions(
    string DefaultModelId, IReadOnlyDictionary<string, string> Aliases, IReadOnlySet<string> AllowedModelIds,
    IReadOnlyList<string> Fallbacks, ModelCatalog Catalog)
{
    /// <summary>
    /// The models that callers may ask for: those that are allowed, else the catalog's, and in any case those that the configuration
    /// names. What else has the name of a known family may cost whatever it likes.
    /// </summary>
    private readonly FrozenSet<string> _offered = (AllowedModelIds.Count > 0
        ? AllowedModelIds
        : Catalog.Models.Select(model => model.Id).Concat(Aliases.Values).Append(DefaultModelId)).ToFrozenSet(StringComparer.Ordinal);

    /// <param name="modelId">After aliases are resolved.</param>
    public bool Offers(string modelId) => _offered.Contains(modelId);

    /// <summary>What callers are told: a model that is retired is asked for in vain.</summary>
    public IEnumerable<string> Offered => _offered.Where(id => Catalog.Find(id)?.Retired is null).Order(StringComparer.Ordinal);

    /// <summary>A request as each model is asked that can make its picture, in the order in which they are tried: its own first.</summary>
    public IReadOnlyList<ImageRequest> CandidatesFor(ImageRequest request) =>
    [
        request,
        .. Fallbacks.Where(id => id != request.ModelId).Select(id => For(request, id))
            .Where(other => Catalog.Find(other.ModelId)!.Offer.Covers(other)),
    ];

    /// <param name="request">As it is sent to the model.</param>
    /// <param name="usage">The tokens that the call used; null where they are not known.</param>
    public ImageOrigin OriginOf(ImageRequest request, TokenUsage? usage = null)
    {
        var size = Catalog.Find(request.ModelId)?.Offer.SizeOf(request.ImageSize);
        return new(request.ModelId, size?.Size, usage?.Prompt, usage?.Output, usage?.Thoughts, size?.Usd);
    }

    /// <summary>For another model, whose usual size may be another one. The one size of a model without sizes is like 1K.</summary>
    private ImageRequest For(ImageRequest request, string modelId)
    {
        var size = request.ImageSize ?? UsualSizeOf(request.ModelId);
        return request with { ModelId = modelId, ImageSize = size == UsualSizeOf(modelId) ? null : size };
    }

    private string UsualSizeOf(string modelId) => Catalog.Find(modelId)?.Offer.UsualSize.Size ?? ModelOffer.DefaultSize;
}
