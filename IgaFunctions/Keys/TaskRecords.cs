using System.Runtime.CompilerServices;
using Iga.Changes;
using Iga.Images;
using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>What the table knows of tasks by their ids: for polls after the engine's history is gone, and the sweeper.</summary>
/// <remarks>Methods throw <see cref="NpgsqlException"/> when PostgreSQL is out of reach.</remarks>
public sealed class TaskRecords(
    NpgsqlDataSource dataSource, IdempotencyTable table, IdempotencyOptions options, TaskChanges? changes = null)
{
    private const int SweepBatch = 200;

    private readonly Batcher<Guid, TaskRecord?> _finds = new(dataSource, FindAllAsync, isLatencyBound: true);

    /// <returns>The task's record, or null when there never was such a task.</returns>
    public Task<TaskRecord?> FindAsync(Guid taskId, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => _finds.RunAsync(taskId, token), cancellationToken);

    /// <summary>
    /// What is to be read at the same time shares one statement. Few tasks are in the archive, so that it is asked of those alone that
    /// have no key.
    /// </summary>
    private static async Task<IReadOnlyList<TaskRecord?>> FindAllAsync(
        NpgsqlConnection connection, IReadOnlyList<Guid> taskIds, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, TaskRecord>(taskIds.Count);
        await ReadAsync("idempotency_keys", taskIds, image => new(Image: IdempotencyJson.ReadImageResult(image)));
        if (taskIds.Where(id => !found.ContainsKey(id)).ToArray() is { Length: > 0 } others)
        {
            await ReadAsync("iga_task_archive", others, conflict => new(Conflict: IdempotencyJson.ReadConflict(conflict)));
        }

        return [.. taskIds.Select(found.GetValueOrDefault)];

        async Task ReadAsync(string from, IReadOnlyList<Guid> ids, Func<string, TaskOutcome> readResult)
        {
            await using var command = new NpgsqlCommand($"""
                select task_id, result_payload, error_payload
                from {BatchCommand.RowsOf("task_ids")} as a (task_id, n) join {from} using (task_id)
                """, connection);
            command.WithAll("task_ids", NpgsqlDbType.Uuid, ids, id => id);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var taskId = reader.GetGuid(0);
                found[taskId] = new TaskRecord(
                    taskId,
                    !reader.IsDBNull(2) ? new(Error: IdempotencyJson.ReadError(reader.GetString(2)))
                    : !reader.IsDBNull(1) ? readResult(reader.GetString(1))
                    : null);
            }
        }
    }

    /// <summary>Keeps what is to be read of a task that lost its key, since no row of the shared table tells it.</summary>
    public async Task ArchiveConflictAsync(ImageTask task, CancellationToken cancellationToken)
    {
        await PostgresRetries.RunAsync(dataSource, token => TryArchiveConflictAsync(task, token), cancellationToken);
        changes?.Ended(task.TaskId);
    }

    private async Task<bool> TryArchiveConflictAsync(ImageTask task, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            insert into iga_task_archive (task_id, idempotency_key, workflow_id, caller, created_at, ended_at, effective_request,
                                          result_payload)
            values (@task_id, @callers_key, @workflow_id, @caller, @created_at, now(), @effective_request, @conflict)
            on conflict (task_id) do nothing
            """);
        command.With("task_id", task.TaskId)
            .With("callers_key", task.IdempotencyKey)
            .With("workflow_id", task.WorkflowId)
            .With("caller", task.Caller)
            .With("created_at", TaskIdTime.Of(task.TaskId)?.UtcDateTime)
            .With("effective_request", NpgsqlDbType.Jsonb, IdempotencyJson.Serialize(task.Request))
            .With("conflict", NpgsqlDbType.Jsonb, IdempotencyJson.Serialize(ConflictResult.For(task.IdempotencyKey)));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <returns>Every task in flight, and not cancelled, whose lock is older than <paramref name="age"/>, as its row tells it.</returns>
    public async IAsyncEnumerable<ImageTask> InFlightAsync(
        TimeSpan age, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        var last = Guid.Empty;
        List<ImageTask> batch;
        do
        {
            batch = await ReadBatchAsync(shape, age, last, cancellationToken);
            foreach (var task in batch)
            {
                yield return task;
                last = task.TaskId;
            }
        }
        while (batch.Count == SweepBatch);
    }

    private async Task<List<ImageTask>> ReadBatchAsync(
        IdempotencyTable.Shape shape, TimeSpan age, Guid after, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            select {StoredTask.Columns} from idempotency_keys
            where task_id > @after and {IdempotencyTable.IsInFlight}
                and task_name = @task_name and status = @processing and locked_at < now() - @age
                and effective_request is not null and cancelling_since is null
            order by task_id limit @batch
            """);
        command.With("after", after)
            .With("task_name", IdempotencyTable.TaskName)
            .With("processing", options.Processing)
            .With("age", age)
            .With("batch", SweepBatch);

        var batch = new List<ImageTask>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            batch.Add(StoredTask.Read(reader, shape, options));
        }

        return batch;
    }
}
