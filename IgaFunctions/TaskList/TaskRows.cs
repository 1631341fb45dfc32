using Iga.Keys;
using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.TaskList;

/// <summary>Reads tasks from the table of keys, and from the archive of those that have no row there.</summary>
public sealed class TaskRows(NpgsqlDataSource dataSource, IdempotencyTable table)
{
    /// <summary>So many tasks of a source are looked through at once, at most. Some milliseconds' work.</summary>
    private const int MostLookedThrough = 5_000;

    /// <param name="after">An id; older tasks are read.</param>
    /// <returns>
    /// At most so many tasks, the newest first, and the id from which there may be more: that of the last one, or of the last one looked through.
    /// </returns>
    internal Task<(IReadOnlyList<TaskRow> Rows, Guid? End)> ReadPageAsync(
        IReadOnlyList<RowSource> sources, TaskFilter filter, int limit, Guid after, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(
            dataSource, token => TryReadPageAsync(sources, filter, limit, after, token), cancellationToken);

    private async Task<(IReadOnlyList<TaskRow> Rows, Guid? End)> TryReadPageAsync(
        IReadOnlyList<RowSource> sources, TaskFilter filter, int limit, Guid after, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var shape = await table.GetShapeAsync(connection, cancellationToken);
        var found = new Dictionary<string, TaskRow>();
        string? rest = null;
        foreach (var source in sources)
        {
            // The archive comes last: a task that goes there meanwhile is found twice rather than not at all.
            var read = await ReadAsync(connection, shape, source, filter, limit + 1, after, cancellationToken);
            read.ForEach(row => found.TryAdd(row.Summary.TaskId.ToString(), row));
            if (read.Count <= limit && source.Filter is not null
                && await FindEndOfLookAsync(connection, shape, source, filter, after, cancellationToken) is { } end
                && string.CompareOrdinal(end.ToString(), rest) > 0)
            {
                rest = end.ToString();
            }
        }

        // In PostgreSQL's order, which is that of the digits. What lies beyond what was looked through everywhere waits for the next page.
        List<TaskRow> page =
        [
            .. found.Where(pair => rest is null || string.CompareOrdinal(pair.Key, rest) >= 0)
                .OrderByDescending(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value),
        ];
        return page.Count > limit
            ? (page[..limit], page[limit - 1].Summary.TaskId)
            : (page, rest is null ? null : Guid.Parse(rest));
    }

    /// <returns>The tasks of these ids that are known, the newest first.</returns>
    internal Task<IReadOnlyList<TaskRow>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => TryFindAsync([.. ids], token), cancellationToken);

    private async Task<IReadOnlyList<TaskRow>> TryFindAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var shape = await table.GetShapeAsync(connection, cancellationToken);
        var found = new Dictionary<string, TaskRow>();
        foreach (var source in (string[])[RowSource.Keys, RowSource.Archive])
        {
            await using var command = new NpgsqlCommand($"""
                select {ColumnsOf(source)} from {BatchCommand.RowsOf("ids")} as a (task_id, n) join {source} using (task_id)
                """, connection);
            command.WithAll("ids", NpgsqlDbType.Uuid, ids, id => id);
            foreach (var row in await ReadAsync(command, shape, isArchive: source == RowSource.Archive, cancellationToken))
            {
                found.TryAdd(row.Summary.TaskId.ToString(), row);
            }
        }

        return [.. found.OrderByDescending(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
    }

    private static async Task<List<TaskRow>> ReadAsync(
        NpgsqlConnection connection, IdempotencyTable.Shape shape, RowSource source, TaskFilter filter, int limit, Guid after,
        CancellationToken cancellationToken)
    {
        await using var command = Command(connection, shape, source, filter, after, source.Filter is null
            ? $"{source.Select(ColumnsOf(source.Table))} limit @limit"
            : $"""
              select * from ({source.Select(ColumnsOf(source.Table))} limit {MostLookedThrough}) walked
              where {source.Filter} order by {source.Order} limit @limit
              """);
        command.With("limit", limit);
        return await ReadAsync(command, shape, source.IsArchive, cancellationToken);
    }

    /// <returns>The last task that was looked through; null if there is none behind it.</returns>
    private static async Task<Guid?> FindEndOfLookAsync(
        NpgsqlConnection connection, IdempotencyTable.Shape shape, RowSource source, TaskFilter filter, Guid after,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection, shape, source, filter, after, $"{source.Select("task_id")} offset {MostLookedThrough - 1} limit 1");
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private static string ColumnsOf(string source) => source == RowSource.Keys
        ? TaskRow.Columns
        : TaskRow.Columns.Replace("ended_at", "coalesce(ended_at, archived_at) as ended_at", StringComparison.Ordinal)
            .Replace("image_details", "null::jsonb as image_details", StringComparison.Ordinal);

    private static NpgsqlCommand Command(
        NpgsqlConnection connection, IdempotencyTable.Shape shape, RowSource source, TaskFilter filter, Guid after, string statement)
    {
        var command = new NpgsqlCommand(statement, connection);
        command.With("after", after).With("since", filter.Since is { } since ? TaskIdTime.LowerBound(since) : Guid.Empty)
            .With("task_name", IdempotencyTable.TaskName)
            .With("workflow_id", filter.WorkflowId).With("caller", filter.Caller)
            .With("idempotency_key", filter.IdempotencyKey is { } key && !source.IsArchive ? shape.StoredKey(key) : filter.IdempotencyKey);
        return command;
    }

    private static async Task<List<TaskRow>> ReadAsync(
        NpgsqlCommand command, IdempotencyTable.Shape shape, bool isArchive, CancellationToken cancellationToken)
    {
        List<TaskRow> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(TaskRow.Read(reader, isArchive ? key => key : shape.CallersKey));
        }

        return rows;
    }
}
