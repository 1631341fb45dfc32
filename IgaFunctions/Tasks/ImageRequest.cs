using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Iga.Tasks;

/// <summary>
/// The effective request: what the caller asked for, with every default filled in. Two POSTs with equal effective
/// requests are the same request.
/// </summary>
/// <param name="Prompt">1 to IGA_MAX_PROMPT_CHARS characters, verbatim as sent.</param>
/// <param name="AspectRatio">A ratio that the model offers, such as <c>16:9</c>.</param>
/// <param name="ModelId">The model that is called, after aliases are resolved.</param>
public sealed record ImageRequest(string Prompt, string AspectRatio, bool AddWatermark, string ModelId)
{
    public const string DefaultOutputFormat = "png";

    /// <summary><c>512</c>, <c>2K</c> or <c>4K</c>; null is the model's usual size, 1K where it has several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ImageSize { get; init; }

    /// <summary><c>jpeg</c>; null is <see cref="DefaultOutputFormat"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OutputFormat { get; init; }

    /// <summary><c>gs://bucket/name</c> each, in the caller's order; null is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ReferenceImages { get; init; }

    /// <summary>The same seed may give the same picture; null leaves it to chance.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Seed { get; init; }

    /// <summary>Who is told when the task has ended, verbatim as sent; null is nobody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CallbackUrl { get; init; }

    /// <summary>Tells equal requests from different ones, also those of earlier versions of the service.</summary>
    /// <returns>64 lower-case hex digits: the SHA-256 of the request in a fixed form, a JSON array.</returns>
    public string Fingerprint()
    {
        var canonical = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(canonical))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(Prompt);
            writer.WriteStringValue(AspectRatio);
            writer.WriteStringValue(AddWatermark ? "true" : "false");
            writer.WriteStringValue(ModelId);
            WriteIfGiven(writer, "image_size", ImageSize);
            WriteIfGiven(writer, "output_format", OutputFormat);
            WriteIfGiven(writer, "reference_images", ReferenceImages is null ? null : JsonSerializer.Serialize(ReferenceImages));
            WriteIfGiven(writer, "seed", Seed?.ToString(CultureInfo.InvariantCulture));
            WriteIfGiven(writer, "callback_url", CallbackUrl);

            // The next field goes here, in the same way. A field that always counted would change every fingerprint, and the keys
            // of yesterday would read as reused.
            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan));
    }

    /// <summary>A field counts by its name and value, and only where the request differs from the field's default.</summary>
    private static void WriteIfGiven(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteStringValue(name);
            writer.WriteStringValue(value);
        }
    }
}
