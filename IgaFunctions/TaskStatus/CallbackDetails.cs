using System.Text.Json.Serialization;
using Iga.Http;
using Iga.Webhooks;

namespace Iga.TaskStatus;

/// <summary>What became of a task's webhook.</summary>
/// <param name="Url">Without what follows its question mark, which may be a password of the receiver's.</param>
/// <param name="State">One of <see cref="CallbackState"/>.</param>
/// <param name="Attempts">POSTs that were made.</param>
/// <param name="LastAt">When the last one was made; null before the first.</param>
/// <param name="LastError">Why it failed; null where none did.</param>
public sealed record CallbackDetails(
    [property: JsonPropertyName("url")] string Url,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("attempts")] int Attempts,
    [property: JsonPropertyName("last_at"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset? LastAt,
    [property: JsonPropertyName("last_error")] string? LastError)
{
    public static CallbackDetails Of(CallbackRecord record) => new(
        record.Url.Split('?')[0], record.State, record.Attempts, record.LastAt, record.LastError);
}
