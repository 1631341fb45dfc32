using Iga.Changes;
using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>
/// Cancels tasks in the table of keys, which decides: a task that is marked as cancelled can complete, fail or stage nothing any more, in
/// whatever process it runs. One that can't have stored an object ends with the mark; any other keeps its key until its object is taken back.
/// </summary>
/// <remarks>Methods throw <see cref="NpgsqlException"/> when PostgreSQL is out of reach; all may be repeated.</remarks>
public sealed class TaskCancellation(
    NpgsqlDataSource dataSource, IdempotencyTable table, IdempotencyOptions options, TaskChanges? changes = null)
{
    private const int SweepBatch = 200;

    /// <summary>Marks a task that is in flight as cancelled.</summary>
    /// <returns>The task, and whether it was this call that cancelled it; null if no task in flight has this id.</returns>
    public async Task<(CancelledTask Task, bool IsNew)?> CancelAsync(Guid taskId, CancellationToken cancellationToken)
    {
        var cancelled = await PostgresRetries.RunAsync(dataSource, token => TryCancelAsync(taskId, token), cancellationToken);
        if (cancelled is { Task.HasEnded: true })
        {
            changes?.Ended(taskId);
        }

        return cancelled;
    }

    private async Task<(CancelledTask Task, bool IsNew)?> TryCancelAsync(Guid taskId, CancellationToken cancellationToken)
    {
        // The picture is written down before its upload begins, so without one there is no object. A task whose mark is still there is
        // found again: whoever set it may have died before it told the engine.
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand($"""
            update idempotency_keys set
                cancelling_since = coalesce(cancelling_since, now()),
                status = case when staged_image is null then @failed else status end,
                locked_at = case when staged_image is null then null else locked_at end,
                error_payload = case when staged_image is null then @error else error_payload end,
                ended_at = case when staged_image is null then coalesce(ended_at, now()) else ended_at end
            where task_id = @task_id and task_name = @task_name and effective_request is not null
                and (status = @processing or (status = @failed and cancelling_since is not null))
            returning {StoredTask.Columns}, staged_image, status = @failed, cancelling_since = now()
            """);
        Add(command, taskId).With("error", NpgsqlDbType.Jsonb, IdempotencyJson.Serialize(CancelledTask.Error));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (Read(reader, shape), reader.GetBoolean(8)) : null;
    }

    /// <returns>The task as a cancelled one; null if it is none.</returns>
    public Task<CancelledTask?> FindAsync(ImageTask task, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => TryFindAsync(task, token), cancellationToken);

    private async Task<CancelledTask?> TryFindAsync(ImageTask task, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select staged_image, status = @failed from idempotency_keys
            where task_id = @task_id and (cancelling_since is not null or error_payload ->> 'type' = @type)
            union all
            select null, true from iga_task_archive where task_id = @task_id and error_payload ->> 'type' = @type
            limit 1
            """);
        Add(command, task.TaskId).With("type", CancelledTask.Error.Type);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(task, reader.IsDBNull(0) ? null : IdempotencyJson.ReadStaged(reader.GetString(0)), reader.GetBoolean(1))
            : null;
    }

    /// <returns>Those of the tasks that are cancelled.</returns>
    public async Task<IReadOnlyList<Guid>> FindAmongAsync(IReadOnlyCollection<Guid> taskIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select a.task_id from unnest(@task_ids) a (task_id)
            where exists (
                    select from idempotency_keys k
                    where k.task_id = a.task_id and (k.cancelling_since is not null or k.error_payload ->> 'type' = @type))
                or exists (select from iga_task_archive k where k.task_id = a.task_id and k.error_payload ->> 'type' = @type)
            """);
        command.With("task_ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, taskIds.ToArray()).With("type", CancelledTask.Error.Type);
        return await command.ReadIdsAsync(cancellationToken);
    }

    /// <summary>Ends a cancelled task that has nothing left any more: it reads as cancelled, and its key is free.</summary>
    /// <returns>False if it has ended already.</returns>
    public async Task<bool> EndAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var isNew = await ExecuteAsync(
            """
            update idempotency_keys set
                status = @failed, locked_at = null, result_payload = null, error_payload = @error, staged_image = null,
                ended_at = coalesce(ended_at, now())
            where task_id = @task_id and task_name = @task_name and status = @processing and cancelling_since is not null
            """,
            task.TaskId, cancellationToken);
        changes?.Ended(task.TaskId);
        return isNew;
    }

    /// <summary>Nothing is to be done for a cancelled task that has ended: the engine knows, too.</summary>
    public Task SettleAsync(Guid taskId, CancellationToken cancellationToken) => ExecuteAsync(
        "update idempotency_keys set cancelling_since = null where task_id = @task_id and task_name = @task_name and status = @failed",
        taskId, cancellationToken);

    /// <returns>Tasks that were cancelled so long ago, the oldest first, and for which something is still to be done.</returns>
    public async Task<IReadOnlyList<CancelledTask>> FindUnsettledAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand($"""
            select {StoredTask.Columns}, staged_image, status = @failed from idempotency_keys
            where cancelling_since < now() - @age and task_name = @task_name and effective_request is not null
            order by cancelling_since limit @batch
            """);
        command.With("age", age).With("task_name", IdempotencyTable.TaskName).With("failed", options.Failed).With("batch", SweepBatch);
        List<CancelledTask> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(Read(reader, shape));
        }

        return found;
    }

    private CancelledTask Read(NpgsqlDataReader reader, IdempotencyTable.Shape shape) => new(
        StoredTask.Read(reader, shape, options),
        reader.IsDBNull(6) ? null : IdempotencyJson.ReadStaged(reader.GetString(6)),
        reader.GetBoolean(7));

    private Task<bool> ExecuteAsync(string statement, Guid taskId, CancellationToken cancellationToken) => PostgresRetries.RunAsync(
        dataSource,
        async token =>
        {
            await using var command = dataSource.CreateCommand(statement);
            Add(command, taskId).With("error", NpgsqlDbType.Jsonb, IdempotencyJson.Serialize(CancelledTask.Error));
            return await command.ExecuteNonQueryAsync(token) == 1;
        },
        cancellationToken);

    private NpgsqlCommand Add(NpgsqlCommand command, Guid taskId) => command.With("task_id", taskId)
        .With("task_name", IdempotencyTable.TaskName)
        .With("processing", options.Processing)
        .With("failed", options.Failed);
}
