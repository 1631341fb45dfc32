using Iga.Postgres;
using Iga.Tasks;
using Npgsql;

namespace Iga.Keys;

/// <summary>Tells what single tasks were asked for, and their course; also where their key has a newer task since.</summary>
public sealed class TaskReports(NpgsqlDataSource dataSource, IdempotencyTable table)
{
    /// <returns>Null if the table does not know the task.</returns>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
    public Task<TaskReport?> FindAsync(Guid taskId, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => TryFindAsync(taskId, token), cancellationToken);

    private async Task<TaskReport?> TryFindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand("""
            select idempotency_key, true, workflow_id, caller, created_at, started_at, ended_at, coalesce(image_details, staged_image), attempts,
                   upload_seconds, effective_request, error_payload is not null
            from idempotency_keys where task_id = @task_id
            union all
            select idempotency_key, false, workflow_id, caller, created_at, started_at, ended_at, null, attempts,
                   null, effective_request, error_payload is not null
            from iga_task_archive where task_id = @task_id
            limit 1
            """);
        command.With("task_id", taskId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        // The archive has keys as their callers wrote them, and not always the time.
        var key = reader.GetString(0);
        return new TaskReport(
            reader.GetBoolean(1) ? shape.CallersKey(key) : key,
            reader.TextOrNull(2),
            reader.TextOrNull(3),
            reader.TextOrNull(10) is { } request ? IdempotencyJson.ReadRequest(request) : null,
            reader.GetBoolean(11),
            reader.TimeOrNull(4) ?? TaskIdTime.Of(taskId),
            reader.TimeOrNull(5),
            reader.TimeOrNull(6),
            reader.TextOrNull(7) is { } image ? IdempotencyJson.ReadStaged(image) : null,
            reader.TextOrNull(8) is { } attempts ? IdempotencyJson.ReadAttempts(attempts) : [],
            reader.IsDBNull(9) ? null : reader.GetDouble(9));
    }
}
