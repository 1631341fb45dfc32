using Iga.Keys;
using Iga.Postgres;
using Iga.TaskList;
using Npgsql;
using NpgsqlTypes;

namespace Iga.TaskEvents;

/// <summary>Finds out which tasks have changed, whichever process runs them.</summary>
/// <remarks>Methods throw <see cref="NpgsqlException"/> when PostgreSQL is out of reach.</remarks>
public sealed class EventRows(NpgsqlDataSource dataSource, IdempotencyTable table)
{
    /// <summary>
    /// The time of an end is that at which its statement began, and it is seen when that is committed: a look goes back so much further
    /// than the one before it. What takes longer was in flight at an earlier look, and so is missed at the next.
    /// </summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    private const int MostInFlight = 20_000;

    private const int MostEnded = 5_000;

    /// <param name="since">Null is a moment ago.</param>
    internal async Task<TaskSnapshot> ReadAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        // One statement, and so one view of the data: no task is neither here nor there. Each part walks an index of its own.
        await using var command = dataSource.CreateCommand($"""
            select null::uuid, now(), false
            union all
            (select task_id, ended_at, true from idempotency_keys
             where ended_at >= coalesce(@since, now() - @overlap) and task_id is not null order by ended_at limit {MostEnded})
            union all
            (select task_id, ended_at, true from iga_task_archive
             where ended_at >= coalesce(@since, now() - @overlap) order by ended_at limit {MostEnded})
            union all
            (select task_id, null, false from idempotency_keys
             where {IdempotencyTable.IsInFlight} order by task_id limit {MostInFlight})
            """);
        command.With("since", NpgsqlDbType.TimestampTz, since?.UtcDateTime).With("overlap", Overlap);
        var at = default(DateTimeOffset);
        var inFlight = new HashSet<Guid>();
        var ended = new List<(Guid TaskId, DateTimeOffset At)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.IsDBNull(0))
            {
                at = new(reader.GetDateTime(1), TimeSpan.Zero);
            }
            else if (reader.GetBoolean(2))
            {
                ended.Add((reader.GetGuid(0), new(reader.GetDateTime(1), TimeSpan.Zero)));
            }
            else
            {
                inFlight.Add(reader.GetGuid(0));
            }
        }

        ended.Sort((one, other) => one.At.CompareTo(other.At));
        return new TaskSnapshot(
            at, inFlight, inFlight.Count < MostInFlight, [.. ended.Select(one => one.TaskId)],
            ended.Count < MostEnded ? at - Overlap : ended[MostEnded - 1].At);
    }

    /// <summary>A part of the tasks that ended since then, in the order in which they did.</summary>
    /// <param name="after">The last one that was read; or a time alone, with the empty id.</param>
    internal async Task<IReadOnlyList<EventId>> ReadEndedAsync(
        TaskFilter filter, EventId after, int limit, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand($"""
            {EndedOf("idempotency_keys", "stored_key")} union all {EndedOf("iga_task_archive", "key")} order by 2, 1 limit @limit
            """);
        command.With("at", NpgsqlDbType.TimestampTz, after.At.UtcDateTime).With("id", after.TaskId).With("limit", limit)
            .With("workflow_id", filter.WorkflowId).With("caller", filter.Caller).With("key", filter.IdempotencyKey)
            .With("stored_key", filter.IdempotencyKey is { } key ? shape.StoredKey(key) : null);
        List<EventId> ended = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ended.Add(new(new(reader.GetDateTime(1), TimeSpan.Zero), reader.GetGuid(0)));
        }

        return ended;
    }

    private static string EndedOf(string from, string key) => $"""
        (select task_id, ended_at from {from}
         where ended_at >= @at and (ended_at, task_id) > (@at, @id) and task_id is not null
            and (@workflow_id is null or workflow_id = @workflow_id) and (@caller is null or caller = @caller)
            and (@{key} is null or idempotency_key = @{key})
         order by ended_at, task_id limit @limit)
        """;
}
