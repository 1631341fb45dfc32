using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

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
    /// <summary>Tells equal requests from different ones, also those of earlier versions of the service.</summary>
    /// <returns>64 lower-case hex digits: the SHA-256 of the request in a fixed form, an array of strings.</returns>
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

            // The next field goes here: its name and its value, and only where the request differs from the field's default.
            // A field that always counted would change every fingerprint, and the keys of yesterday would read as reused.
            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan));
    }
}
