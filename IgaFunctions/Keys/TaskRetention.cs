using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>
/// Deletes the records of tasks that ended long ago: their rows in the table of keys, their entries in the archive, and the days of what
/// pictures cost. A key whose row is gone is a new one. Rows of other services and keys in flight stay.
/// </summary>
public sealed class TaskRetention(NpgsqlDataSource dataSource, IdempotencyTable table, IdempotencyOptions options)
{
    // A task can't have ended before it was made, so the oldest ids are looked at, in their order. A row that somebody else has locked is
    // being claimed anew, and not old any more. Tasks that ended before the column was there are judged by when they were posted.
    private const string Keys = """
        with old as materialized (
            select idempotency_key, task_name, task_id from idempotency_keys
            where task_id > @after and task_id < @made_before and task_name = @task_name and status <> @processing
                and (result_payload is not null or error_payload is not null) and coalesce(ended_at, created_at) < @ended_before
            order by task_id limit @batch for update skip locked)
        delete from idempotency_keys k using old o where k.idempotency_key = o.idempotency_key and k.task_name = o.task_name
        returning k.task_id
        """;

    private const string Archive = """
        with old as materialized (
            select task_id from iga_task_archive
            where task_id > @after and task_id < @made_before and coalesce(ended_at, archived_at) < @ended_before
            order by task_id limit @batch for update skip locked)
        delete from iga_task_archive a using old o where a.task_id = o.task_id
        returning a.task_id
        """;

    // What is still to be delivered is not old.
    private const string Callbacks = """
        with old as materialized (
            select task_id from iga_callbacks
            where task_id > @after and task_id < @made_before and state <> 'pending' and coalesce(ended_at, last_at) < @ended_before
            order by task_id limit @batch for update skip locked)
        delete from iga_callbacks c using old o where c.task_id = o.task_id
        returning c.task_id
        """;

    /// <summary>Deletes in batches, each a commit of its own. May be cut off and done again at any time, also by several processes at once.</summary>
    /// <param name="before">Tasks that ended earlier.</param>
    /// <returns>How many tasks' records were deleted.</returns>
    public async Task<int> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await table.GetShapeAsync(cancellationToken);
        var deleted = await DeleteAsync(Keys, before, cancellationToken) + await DeleteAsync(Archive, before, cancellationToken);
        await DeleteAsync(Callbacks, before, cancellationToken);
        await PostgresRetries.RunAsync(dataSource, token => DeleteSpendAsync(before, token), cancellationToken);
        return deleted;
    }

    private Task<int> DeleteAsync(string statement, DateTimeOffset before, CancellationToken cancellationToken) => TaskBatches.RunAsync(
        dataSource,
        statement,
        command => command.With("made_before", TaskIdTime.LowerBound(before))
            .With("ended_before", before.UtcDateTime)
            .With("task_name", IdempotencyTable.TaskName)
            .With("processing", options.Processing),
        cancellationToken);

    private async Task<int> DeleteSpendAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("delete from iga_spend where day < @day");
        command.With("day", NpgsqlDbType.Date, DateOnly.FromDateTime(before.UtcDateTime));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
