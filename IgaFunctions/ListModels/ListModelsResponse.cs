using System.Text.Json.Serialization;
using Iga.Models;
using Iga.Models.Catalog;

namespace Iga.ListModels;

/// <summary>The models that callers may ask for.</summary>
/// <param name="DefaultModel">What makes the picture of a request that names none.</param>
public sealed record ListModelsResponse(
    [property: JsonPropertyName("default_model")] string DefaultModel,
    [property: JsonPropertyName("models")] IReadOnlyList<ListModelsResponse.Model> Models)
{
    /// <summary>
    /// Those of IGA_ALLOWED_MODEL_IDS, where that is set; else the catalog's, less what is retired or, at Google, not served in the
    /// configured location. The default model and aliases in any case.
    /// </summary>
    public static ListModelsResponse Of(ModelOptions options, VertexOptions vertex)
    {
        var offered = options.AllowedModelIds.Count > 0
            ? options.AllowedModelIds
            : options.Catalog.Models
                .Where(model => model.Retired is null && (!vertex.IsGoogles || model.IsServedIn(vertex.Location)))
                .Select(model => model.Id)
                .Where(id => !options.Aliases.ContainsKey(id)) // It stands for another one.
                .Concat(options.Aliases.Values);
        return new(options.DefaultModelId,
        [
            .. offered.Prepend(options.DefaultModelId).Distinct().Select(id => Model.Of(
                options.Catalog.Find(id)!,
                [.. options.Aliases.Where(alias => alias.Value == id).Select(alias => alias.Key).Order(StringComparer.Ordinal)])),
        ]);
    }

    /// <param name="Id">For <c>model_id_override</c>.</param>
    /// <param name="Aliases">Other ids that callers may send for it.</param>
    /// <param name="ImageSizes">Empty where the model has one size and the field is refused.</param>
    /// <param name="Prices">Where the catalog has none the price is null.</param>
    /// <param name="Until">The earliest day or month on which it may be switched off; null if none is announced.</param>
    public sealed record Model(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("aliases")] IReadOnlyList<string> Aliases,
        [property: JsonPropertyName("aspect_ratios")] IReadOnlyList<string> AspectRatios,
        [property: JsonPropertyName("image_sizes")] IReadOnlyList<string> ImageSizes,
        [property: JsonPropertyName("output_formats")] IReadOnlyList<string> OutputFormats,
        [property: JsonPropertyName("max_reference_images")] int MaxReferenceImages,
        [property: JsonPropertyName("takes_seed")] bool TakesSeed,
        [property: JsonPropertyName("can_omit_watermark")] bool CanOmitWatermark,
        [property: JsonPropertyName("prices")] IReadOnlyList<Price> Prices,
        [property: JsonPropertyName("until")] string? Until)
    {
        internal static Model Of(CatalogModel model, IReadOnlyList<string> aliases)
        {
            var offer = model.Offer;
            return new(
                model.Id, aliases, offer.AspectRatios, [.. offer.ImageSizes.Select(size => size.Size).OfType<string>()],
                offer.OutputFormats, offer.MaxReferenceImages, offer.TakesSeed, offer.CanOmitWatermark,
                [.. offer.ImageSizes.Select(size => new Price(size.Size, size.OutputTokens, size.Usd))], model.Until);
        }
    }

    /// <summary>What a picture of a size costs by the list.</summary>
    /// <param name="ImageSize">Null where the model has one size.</param>
    /// <param name="OutputTokens">Null if not known.</param>
    /// <param name="Usd">US dollars; null if not known.</param>
    public sealed record Price(
        [property: JsonPropertyName("image_size")] string? ImageSize,
        [property: JsonPropertyName("output_tokens")] int? OutputTokens,
        [property: JsonPropertyName("usd")] decimal? Usd);
}
