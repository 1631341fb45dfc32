using System.Text.Json.Serialization;

namespace Iga.GenerateImage;

/// <summary>The body of a 202.</summary>
public sealed record AcceptedResponse(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("task_id")] Guid TaskId,
    [property: JsonPropertyName("status_url")] string StatusUrl,
    [property: JsonPropertyName("idempotency_key_processed")] string IdempotencyKeyProcessed);
