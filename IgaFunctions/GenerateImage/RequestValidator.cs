using System.Text.Json;
using Iga.Http;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using Iga.Webhooks;

namespace Iga.GenerateImage;

/// <summary>
/// Turns a body into the effective request: every field checked, every default filled in. A field that is null counts as absent;
/// two of one name are refused before, unknown ones are ignored.
/// </summary>
internal sealed class RequestValidator(RequestOptions defaults, ModelOptions models)
{
    /// <summary>The names of the fields, and what a wrong value of each is told as.</summary>
    public static readonly IReadOnlyDictionary<string, string> Fields = new Dictionary<string, string>
    {
        ["prompt"] = ErrorCode.PromptMissing,
        ["model_id_override"] = ErrorCode.ModelId,
        ["aspect_ratio"] = ErrorCode.AspectRatio,
        ["add_watermark"] = ErrorCode.AddWatermark,
        ["image_size"] = ErrorCode.ImageSize,
        ["output_format"] = ErrorCode.OutputFormat,
        ["reference_images"] = ErrorCode.ReferenceImages,
        ["seed"] = ErrorCode.Seed,
        ["callback_url"] = ErrorCode.CallbackUrl,
    };

    /// <exception cref="RejectedException">A field is wrong; the message names it.</exception>
    public ImageRequest Validate(JsonElement body)
    {
        var prompt = ReadPrompt(Find("prompt"));
        var model = ReadModel(Find("model_id_override"));
        var ratio = ReadAspectRatio(Find("aspect_ratio"), model);
        var addWatermark = ReadAddWatermark(Find("add_watermark"), model);
        return new ImageRequest(prompt, ratio, addWatermark, model.Id)
        {
            ImageSize = ReadImageSize(Find("image_size"), model),
            OutputFormat = ReadOutputFormat(Find("output_format"), model),
            ReferenceImages = ReferenceImagesField.Read(Find("reference_images"), model, defaults.ReferenceBuckets),
            Seed = ReadSeed(Find("seed"), model, addWatermark),
            CallbackUrl = ReadCallbackUrl(Find("callback_url")),
        };

        RequestField? Find(string name) => RequestField.Find(body, name, Fields[name]);
    }

    private string ReadPrompt(RequestField? found)
    {
        if (found is not { } field)
        {
            throw RejectedException.BadRequest(ErrorCode.PromptMissing, "Field prompt is required, and it is missing or null.");
        }

        if (field.Value.ValueKind != JsonValueKind.String)
        {
            throw field.MustBe("a string");
        }

        var prompt = (field with { ErrorCode = ErrorCode.PromptInvalid }).Text();
        if (string.IsNullOrWhiteSpace(prompt))
        {
            throw field.Refuse("is blank");
        }

        var length = prompt.EnumerateRunes().Count();
        if (length > defaults.MaxPromptChars)
        {
            throw RejectedException.BadRequest(
                ErrorCode.PromptTooLong,
                $"Field prompt is {length} characters long; at most {defaults.MaxPromptChars} are allowed.");
        }

        // JSONB can't hold it.
        if (prompt.Contains('\0'))
        {
            throw RejectedException.BadRequest(ErrorCode.PromptInvalid, "Field prompt holds the character U+0000.");
        }

        return prompt;
    }

    private CatalogModel ReadModel(RequestField? found)
    {
        if (found is not { } field)
        {
            return models.Catalog.Find(models.DefaultModelId)!;
        }

        var named = field.Text();
        var modelId = models.Aliases.GetValueOrDefault(named, named);
        return models.Offers(modelId)
            ? models.Catalog.Find(modelId)!
            : throw field.Refuse($"names no image model that callers may ask for here; those are {List(models.Offered)}");
    }

    private string ReadAspectRatio(RequestField? found, CatalogModel model)
    {
        var ratios = model.Offer.AspectRatios;
        var offered = $"{model.Id} offers {List(ratios)}";
        if (found is not { } field)
        {
            return ratios.Contains(defaults.DefaultAspectRatio)
                ? defaults.DefaultAspectRatio
                : throw RejectedException.BadRequest(
                    ErrorCode.AspectRatio,
                    $"Field aspect_ratio is missing, and the default {defaults.DefaultAspectRatio} does not fit: {offered}.");
        }

        var ratio = field.Text(offered);
        return ratios.Contains(ratio) ? ratio : throw field.Refuse($"is none that the model offers: {offered}");
    }

    private bool ReadAddWatermark(RequestField? found, CatalogModel model)
    {
        var addWatermark = found?.Boolean() ?? defaults.AddWatermark;
        return addWatermark || model.Offer.CanOmitWatermark
            ? addWatermark
            : throw RejectedException.BadRequest(
                ErrorCode.AddWatermark,
                $"Field add_watermark is {(found is null ? "missing, and the default is " : "")}false, but {model.Id} always adds its watermark; "
                + $"{(defaults.AddWatermark ? "leave it out" : "set it to true")} or choose another model.");
    }

    /// <returns>Null for the model's usual size, so that a request is the same whether it names that or not.</returns>
    private string? ReadImageSize(RequestField? found, CatalogModel model)
    {
        var offer = model.Offer;
        if (found is not { } field)
        {
            return offer.SizeOf(defaults.DefaultImageSize) is { } usual && usual != offer.UsualSize ? usual.Size : null;
        }

        if (offer.UsualSize.Size is null)
        {
            throw field.Refuse($"is given, but {model.Id} has one size only; leave it out or choose another model");
        }

        var offered = $"{model.Id} offers {List(offer.ImageSizes.Select(size => size.Size!))}";
        var wanted = field.Text(offered);
        var size = offer.ImageSizes.FirstOrDefault(size => size.Size == wanted)
            ?? throw field.Refuse($"is none that the model offers: {offered}");
        return size == offer.UsualSize ? null : size.Size;
    }

    private static string? ReadOutputFormat(RequestField? found, CatalogModel model)
    {
        if (found is not { } field)
        {
            return null;
        }

        var offered = $"{model.Id} offers {List(model.Offer.OutputFormats)}";
        var format = field.Text(offered);
        return !model.Offer.OutputFormats.Contains(format)
            ? throw field.Refuse($"is none that the model offers: {offered}")
            : format == ImageRequest.DefaultOutputFormat ? null : format;
    }

    private static int? ReadSeed(RequestField? found, CatalogModel model, bool addWatermark)
    {
        if (found is not { } field)
        {
            return null;
        }

        var allowed = $"a whole number from 0 to {int.MaxValue}";
        if (field.Value.ValueKind != JsonValueKind.Number)
        {
            throw field.MustBe(allowed);
        }

        // 7.0 and 7e0 are 7, however JSON writes it.
        if (!field.Value.TryGetDecimal(out var seed) || seed is < 0 or > int.MaxValue || decimal.Truncate(seed) != seed)
        {
            throw field.Refuse($"must be {allowed}");
        }

        // Vertex refuses a seed together with the watermark, where there is a choice.
        return !model.Offer.TakesSeed ? throw field.Refuse($"is given, but {model.Id} takes none; leave it out or choose another model")
            : addWatermark && model.Offer.CanOmitWatermark ? throw field.Refuse($"is given, but {model.Id} takes one only with add_watermark false")
            : (int)seed;
    }

    private string? ReadCallbackUrl(RequestField? found)
    {
        if (found is not { } field)
        {
            return null;
        }

        var url = field.Text();
        return CallbackUrl.WhatIsWrong(url, defaults.Webhooks) is { } why ? throw field.Refuse(why) : url;
    }

    private static string List(IEnumerable<string> values) => string.Join(", ", values);
}
