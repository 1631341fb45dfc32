using System.Text.Json.Serialization;
using Iga.Images;

namespace Iga.TaskStatus;

/// <summary>The picture of a task, how it was made and what it costs: told to who asks with <c>?include=details</c>.</summary>
/// <param name="SizeBytes">Of the object.</param>
/// <param name="Crc32C">Base64 of the big-endian CRC-32C of the object.</param>
/// <param name="Model">The model that made it.</param>
/// <param name="ImageSize">Null where the model has one size.</param>
/// <param name="PromptTokens">As the model counted them; null where it did not, likewise the other two.</param>
/// <param name="PriceUsd">List price by the catalog; null where that has none.</param>
/// <param name="Caller">The name of the API key that ordered it; absent where the key has none.</param>
/// <param name="Callback">What became of the webhook; null where none was asked for.</param>
public sealed record TaskDetails(
    [property: JsonPropertyName("size_bytes")] long SizeBytes,
    [property: JsonPropertyName("content_type")] string ContentType,
    [property: JsonPropertyName("crc32c")] string Crc32C,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("image_size")] string? ImageSize,
    [property: JsonPropertyName("prompt_tokens")] long? PromptTokens,
    [property: JsonPropertyName("output_tokens")] long? OutputTokens,
    [property: JsonPropertyName("thought_tokens")] long? ThoughtTokens,
    [property: JsonPropertyName("price_usd")] decimal? PriceUsd,
    [property: JsonPropertyName("caller"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Caller = null,
    [property: JsonPropertyName("callback")] CallbackDetails? Callback = null)
{
    public static TaskDetails Of(StagedImage image, string? caller)
    {
        var origin = image.Origin;
        return new(
            image.Size, image.ContentType, image.Crc32C, origin?.ModelId, origin?.ImageSize, origin?.PromptTokens,
            origin?.OutputTokens, origin?.ThoughtTokens, origin?.Usd, caller);
    }
}
