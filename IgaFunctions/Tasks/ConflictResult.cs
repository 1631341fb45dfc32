using System.Text.Json.Serialization;

namespace Iga.Tasks;

/// <summary>What a caller reads of a task that found its key in another holder's hands.</summary>
public sealed record ConflictResult(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("idempotency_key")] string IdempotencyKey)
{
    public static ConflictResult For(string idempotencyKey) => new(
        "PROCESSING_CONFLICT",
        "Task with this idempotency key is already processing or recently completed with a conflict.",
        idempotencyKey);
}
