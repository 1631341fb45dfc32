using System.Text.Json.Serialization;
using Iga.Http;
using Iga.Tasks;
using Iga.TaskStatus;

namespace Iga.TaskList;

/// <summary>A task as lists tell it. What is not known is null.</summary>
/// <param name="Status">PENDING, STARTED, RETRY, SUCCESS or FAILURE.</param>
/// <param name="Result">
/// As in the answer to a poll: an <see cref="ImageResult"/>, a <see cref="ConflictResult"/> or a
/// <see cref="TaskStatusResponse.FailureResult"/>; null while the task is on its way.
/// </param>
/// <param name="Caller">The name of the API key that it was posted with.</param>
/// <param name="Prompt">Of the effective request; <c>[erased]</c> where it was erased.</param>
/// <param name="Model">The model that made the picture, else the one that is asked.</param>
/// <param name="ImageSize">Null where the model has one size.</param>
/// <param name="SizeBytes">Of the picture.</param>
/// <param name="ContentType">MIME type of the picture.</param>
/// <param name="PriceUsd">List price of the picture by the catalog.</param>
/// <param name="Attempts">Calls of the model that failed, and the one that made the picture.</param>
public sealed record TaskSummary(
    [property: JsonPropertyName("task_id")] Guid TaskId,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("result")] object? Result,
    [property: JsonPropertyName("workflow_id")] string? WorkflowId,
    [property: JsonPropertyName("idempotency_key")] string IdempotencyKey,
    [property: JsonPropertyName("caller")] string? Caller,
    [property: JsonPropertyName("created_at"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("ended_at"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset? EndedAt,
    [property: JsonPropertyName("prompt")] string? Prompt,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("aspect_ratio")] string? AspectRatio,
    [property: JsonPropertyName("image_size")] string? ImageSize,
    [property: JsonPropertyName("output_format")] string? OutputFormat,
    [property: JsonPropertyName("size_bytes")] long? SizeBytes,
    [property: JsonPropertyName("content_type")] string? ContentType,
    [property: JsonPropertyName("price_usd")] decimal? PriceUsd,
    [property: JsonPropertyName("attempts")] int? Attempts);
