using System.Text.Json;
using Iga.Images;
using Iga.Keys;
using Iga.Postgres;
using Iga.Tasks;
using Iga.TaskStatus;
using Iga.Workflow;
using Npgsql;

namespace Iga.TaskList;

/// <summary>A task as its row tells it: of those in flight it does not know the state.</summary>
internal sealed record TaskRow(TaskSummary Summary, bool HasEnded)
{
    /// <summary>What <see cref="Read"/> reads, in its order; both tables have these.</summary>
    public const string Columns =
        "task_id, idempotency_key, workflow_id, caller, created_at, ended_at, result_payload, error_payload, effective_request, image_details, "
        + "attempts";

    public static TaskRow Read(NpgsqlDataReader reader, Func<string, string> callersKey)
    {
        var id = reader.GetGuid(0);
        var created = reader.TimeOrNull(4);
        var error = reader.TextOrNull(7) is { } failure ? IdempotencyJson.ReadError(failure) : null;
        var result = error is null && reader.TextOrNull(6) is { } payload ? ReadResult(payload) : null;
        var request = reader.TextOrNull(8) is { } asked ? IdempotencyJson.ReadRequest(asked) : null;
        var image = reader.TextOrNull(9) is { } details ? IdempotencyJson.ReadStaged(details) : null;
        var hasEnded = error is not null || !reader.IsDBNull(6);
        var summary = new TaskSummary(
            id,
            error is not null ? TaskState.Failure : hasEnded ? TaskState.Success : TaskState.Pending.Status,
            error is null ? result : new TaskStatusResponse.FailureResult(error),
            reader.TextOrNull(2),
            callersKey(reader.GetString(1)),
            reader.TextOrNull(3),
            created ?? TaskIdTime.Of(id) ?? DateTimeOffset.UnixEpoch,
            reader.TimeOrNull(5),
            // Rows are written with their request, so it was erased; but an entry of the archive without a time is older than that.
            request?.Prompt ?? (result as ImageResult)?.PromptUsed ?? (hasEnded && created is not null ? TaskErasure.Erased : null),
            image?.Origin?.ModelId ?? request?.ModelId,
            request?.AspectRatio,
            image?.Origin is { } origin ? origin.ImageSize : request?.ImageSize,
            request is null ? null : request.OutputFormat ?? ImageRequest.DefaultOutputFormat,
            image?.Size,
            image?.ContentType,
            image?.Origin?.Usd,
            reader.TextOrNull(10) is { } attempts ? IdempotencyJson.ReadAttempts(attempts).Count : null);
        return new TaskRow(summary, hasEnded);
    }

    private static object? ReadResult(string payload)
    {
        try
        {
            return (object?)IdempotencyJson.ReadImageResult(payload)
                ?? (IdempotencyJson.ReadConflict(payload) is { Status: not null } conflict ? conflict : null);
        }
        catch (JsonException)
        {
            return null; // Another writer of the table put something else there.
        }
    }
}
