using System.Text.Json;
using Iga.Http;
using Iga.Models;
using Iga.Tasks;

namespace Iga.GenerateImage;

/// <summary>
/// Turns a body into the effective request: every field checked, every default filled in. A field that is null counts as absent; of
/// two of one name are refused before, unknown ones are ignored.
/// </summary>
internal sealed class RequestValidator(RequestOptions defaults, ModelOptions models)
{
    /// <exception cref="RejectedException">A field is wrong; the message names it.</exception>
    public ImageRequest Validate(JsonElement body)
    {
        var prompt = ReadPrompt(Find(body, "prompt"));
        var modelId = ReadModelId(Find(body, "model_id_override"));
        var family = ModelFamily.Of(modelId)!;
        return new ImageRequest(
            prompt,
            ReadAspectRatio(Find(body, "aspect_ratio"), modelId, family),
            ReadAddWatermark(Find(body, "add_watermark"), modelId, family),
            modelId);
    }

    private string ReadPrompt(JsonElement? field)
    {
        if (field is not { } value)
        {
            throw RejectedException.BadRequest(ErrorCode.PromptMissing, "Field prompt is required, and it is missing or null.");
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw RejectedException.BadRequest(
                ErrorCode.PromptMissing, $"Field prompt must be a string, but it is {RequestBody.Describe(value)}.");
        }

        var prompt = ReadString(value) ?? throw RejectedException.BadRequest(
            ErrorCode.PromptInvalid, "Field prompt holds an unpaired surrogate, which is no character.");
        if (string.IsNullOrWhiteSpace(prompt))
        {
            throw RejectedException.BadRequest(ErrorCode.PromptMissing, "Field prompt is blank.");
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

    private string ReadModelId(JsonElement? field)
    {
        if (field is not { } value)
        {
            return models.DefaultModelId;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw RejectedException.BadRequest(
                ErrorCode.ModelId, $"Field model_id_override must be a string, but it is {RequestBody.Describe(value)}.");
        }

        var named = ReadString(value) ?? throw RejectedException.BadRequest(
            ErrorCode.ModelId, "Field model_id_override holds an unpaired surrogate, which is no character.");
        var modelId = models.Aliases.GetValueOrDefault(named, named);
        if (ModelFamily.Of(modelId) is null)
        {
            throw RejectedException.BadRequest(
                ErrorCode.ModelId, $"Field model_id_override names no image model: {ModelFamily.AllowedIds}.");
        }

        if (models.AllowedModelIds.Count > 0 && !models.AllowedModelIds.Contains(modelId))
        {
            throw RejectedException.BadRequest(
                ErrorCode.ModelId,
                $"Field model_id_override names a model that is not allowed here; allowed are {string.Join(", ", models.AllowedModelIds)}.");
        }

        return modelId;
    }

    private string ReadAspectRatio(JsonElement? field, string modelId, ModelFamily family)
    {
        var offered = $"{modelId} offers {string.Join(", ", family.AspectRatios)}";
        if (field is not { } value)
        {
            return family.AspectRatios.Contains(defaults.DefaultAspectRatio)
                ? defaults.DefaultAspectRatio
                : throw RejectedException.BadRequest(
                    ErrorCode.AspectRatio,
                    $"Field aspect_ratio is missing, and the default {defaults.DefaultAspectRatio} does not fit: {offered}.");
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw RejectedException.BadRequest(
                ErrorCode.AspectRatio, $"Field aspect_ratio must be a string, but it is {RequestBody.Describe(value)}.");
        }

        var ratio = ReadString(value) ?? throw RejectedException.BadRequest(
            ErrorCode.AspectRatio, "Field aspect_ratio holds an unpaired surrogate, which is no character.");
        return family.AspectRatios.Contains(ratio)
            ? ratio
            : throw RejectedException.BadRequest(
                ErrorCode.AspectRatio, $"Field aspect_ratio is none that the model offers: {offered}.");
    }

    private bool ReadAddWatermark(JsonElement? field, string modelId, ModelFamily family)
    {
        if (field is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } value)
        {
            throw RejectedException.BadRequest(
                ErrorCode.AddWatermark, $"Field add_watermark must be a boolean, but it is {RequestBody.Describe(value)}.");
        }

        var addWatermark = field?.GetBoolean() ?? defaults.AddWatermark;
        return addWatermark || family.CanOmitWatermark
            ? addWatermark
            : throw RejectedException.BadRequest(
                ErrorCode.AddWatermark,
                $"Field add_watermark is false, but {modelId} always adds its watermark; leave it out or choose {ModelFamily.ThatCanOmitWatermark}.");
    }

    /// <returns>The field's value; null when it is absent or null.</returns>
    private static JsonElement? Find(JsonElement body, string name)
    {
        JsonElement? found = null;
        foreach (var property in body.EnumerateObject())
        {
            if (property.NameEquals(name))
            {
                found = property.Value.ValueKind == JsonValueKind.Null ? null : property.Value;
            }
        }

        return found;
    }

    /// <returns>The string, or null when its escapes form no valid UTF-16.</returns>
    private static string? ReadString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
