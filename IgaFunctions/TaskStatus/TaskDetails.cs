using System.Text.Json.Serialization;
using Iga.Http;
using Iga.Keys;
using Iga.Tasks;

namespace Iga.TaskStatus;

/// <summary>
/// The course of a task, its picture, how that was made and what it costs: told to who asks with <c>?include=details</c>. What is not
/// known is null.
/// </summary>
/// <param name="Caller">The name of the API key that ordered it; absent where the key has none.</param>
/// <param name="StartedAt">When its work began.</param>
/// <param name="SizeBytes">Of the object, likewise the next two.</param>
/// <param name="Crc32C">Base64 of the big-endian CRC-32C of the object.</param>
/// <param name="Model">The model that made it.</param>
/// <param name="ImageSize">Null where the model has one size.</param>
/// <param name="PromptTokens">As the model counted them; null where it did not, likewise the other two.</param>
/// <param name="PriceUsd">List price by the catalog; null where that has none.</param>
/// <param name="Callback">What became of the webhook; null where none was asked for.</param>
/// <param name="Attempts">The task's calls of models, the oldest first, at most the last <see cref="TaskAttempt.MostKept"/>.</param>
public sealed record TaskDetails(
    [property: JsonPropertyName("workflow_id")] string? WorkflowId,
    [property: JsonPropertyName("idempotency_key")] string? IdempotencyKey,
    [property: JsonPropertyName("caller"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Caller,
    [property: JsonPropertyName("created_at"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset? CreatedAt,
    [property: JsonPropertyName("started_at"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset? StartedAt,
    [property: JsonPropertyName("ended_at"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset? EndedAt,
    [property: JsonPropertyName("size_bytes")] long? SizeBytes,
    [property: JsonPropertyName("content_type")] string? ContentType,
    [property: JsonPropertyName("crc32c")] string? Crc32C,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("image_size")] string? ImageSize,
    [property: JsonPropertyName("prompt_tokens")] long? PromptTokens,
    [property: JsonPropertyName("output_tokens")] long? OutputTokens,
    [property: JsonPropertyName("thought_tokens")] long? ThoughtTokens,
    [property: JsonPropertyName("price_usd")] decimal? PriceUsd,
    [property: JsonPropertyName("attempts")] IReadOnlyList<TaskDetails.Attempt> Attempts,
    [property: JsonPropertyName("timings")] TaskDetails.Durations Timings,
    [property: JsonPropertyName("callback")] CallbackDetails? Callback)
{
    /// <param name="report">Null where the table knows nothing of the task.</param>
    public static TaskDetails Of(Guid taskId, TaskReport? report, CallbackDetails? callback)
    {
        report ??= new TaskReport(null, null, null, null, false, TaskIdTime.Of(taskId), null, null, null, [], null);
        var (image, origin) = (report.Image, report.Image?.Origin);
        return new(
            report.WorkflowId, report.IdempotencyKey, report.Caller, report.CreatedAt, report.StartedAt, report.EndedAt,
            image?.Size, image?.ContentType, image?.Crc32C, origin?.ModelId, origin?.ImageSize, origin?.PromptTokens,
            origin?.OutputTokens, origin?.ThoughtTokens, origin?.Usd,
            [.. report.Attempts.Select(attempt => new Attempt(attempt.Model, attempt.At, attempt.Seconds, attempt.Fault))],
            Durations.Of(report),
            callback);
    }

    /// <summary>One call of a model.</summary>
    /// <param name="Fault">What it failed of; null for the call that made the picture.</param>
    public sealed record Attempt(
        [property: JsonPropertyName("model")] string Model,
        [property: JsonPropertyName("at"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset At,
        [property: JsonPropertyName("seconds")] double Seconds,
        [property: JsonPropertyName("fault")] TaskError? Fault);

    /// <summary>How long the task spent on what, in seconds.</summary>
    /// <param name="Queued">From its acceptance until its work began.</param>
    /// <param name="Model">All its calls of models together.</param>
    /// <param name="Upload">The upload that stored its picture.</param>
    /// <param name="Total">From its acceptance to its end.</param>
    public sealed record Durations(
        [property: JsonPropertyName("queued_seconds")] double? Queued,
        [property: JsonPropertyName("model_seconds")] double? Model,
        [property: JsonPropertyName("upload_seconds")] double? Upload,
        [property: JsonPropertyName("total_seconds")] double? Total)
    {
        public static Durations Of(TaskReport report) => new(
            Seconds(report.StartedAt - report.CreatedAt),
            report.Attempts.Count > 0 ? Math.Round(report.Attempts.Sum(attempt => attempt.Seconds), 3) : null,
            report.UploadSeconds,
            Seconds(report.EndedAt - report.CreatedAt));

        // Two machines' clocks may disagree a little.
        private static double? Seconds(TimeSpan? span) => span is { } time ? Math.Round(Math.Max(0, time.TotalSeconds), 3) : null;
    }
}
