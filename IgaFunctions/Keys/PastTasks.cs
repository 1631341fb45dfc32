using Iga.Postgres;
using Npgsql;

namespace Iga.Keys;

/// <summary>Finds what a task was asked for, also where its key has a newer task since.</summary>
public sealed class PastTasks(NpgsqlDataSource dataSource, IdempotencyTable table)
{
    /// <returns>Null if the table does not know the task.</returns>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
    public Task<PastTask?> FindAsync(Guid taskId, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => TryFindAsync(taskId, token), cancellationToken);

    private async Task<PastTask?> TryFindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand("""
            select idempotency_key, workflow_id, effective_request, error_payload is not null, true
            from idempotency_keys where task_id = @task_id
            union all
            select idempotency_key, workflow_id, effective_request, error_payload is not null, false
            from iga_task_archive where task_id = @task_id
            limit 1
            """);
        command.With("task_id", taskId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        // The archive has keys as their callers wrote them.
        var key = reader.GetString(0);
        return new PastTask(
            reader.GetBoolean(4) ? shape.CallersKey(key) : key,
            reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.IsDBNull(2) ? null : IdempotencyJson.ReadRequest(reader.GetString(2)),
            reader.GetBoolean(3));
    }
}
