using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>Tells which of many tasks have ended, whoever ran them.</summary>
public sealed class TaskEnds(NpgsqlDataSource dataSource)
{
    /// <returns>Those of the tasks that the table has an end of.</returns>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
    public async Task<IReadOnlyList<Guid>> FindAsync(IReadOnlyList<Guid> taskIds, CancellationToken cancellationToken)
    {
        // Of a task in the archive nothing more will come: it has ended.
        await using var command = dataSource.CreateCommand($"""
            select task_id from {BatchCommand.RowsOf("task_ids")} as a (task_id, n) join idempotency_keys using (task_id)
            where result_payload is not null or error_payload is not null
            union all
            select task_id from {BatchCommand.RowsOf("task_ids")} as a (task_id, n) join iga_task_archive using (task_id)
            """);
        command.WithAll("task_ids", NpgsqlDbType.Uuid, taskIds, id => id);
        return await command.ReadIdsAsync(cancellationToken);
    }
}
