using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>Counts what all processes together have under way, and what it costs.</summary>
public sealed class TaskCounts(NpgsqlDataSource dataSource, IdempotencyOptions options)
{
    private const string Pending = $"""
        from idempotency_keys
        where {IdempotencyTable.IsInFlight}
            and task_name = @task_name and status = @processing
        """;

    private const string OfAll = $"select null, count(*)::int, 0, null, null, 0.0 {Pending}";

    // One statement, and so one view of the data: a task whose picture is paid for meanwhile counts either as unpaid or as spent.
    private const string OfEachCaller = $"""
        with pending as materialized (
            select caller, staged_image is null and caller = any (@spenders) as is_unpaid,
                   case when caller = any (@spenders) then effective_request end as request
            {Pending}
        )
        select caller, count(*)::int, 0, null, null, 0 from pending group by caller
        union all
        select caller, 0, count(*)::int, request ->> 'model_id', request ->> 'image_size', 0
        from pending where is_unpaid group by 1, 4, 5
        union all
        select caller, 0, 0, null, null, sum(usd) from iga_spend
        where day = (now() at time zone 'utc')::date and caller = any (@spenders) group by caller
        """;

    /// <param name="ofEachCaller">Whether it matters who the callers are.</param>
    /// <param name="spenders">The callers whose spend is asked for.</param>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
    public async Task<IReadOnlyList<TaskCount>> ReadAsync(bool ofEachCaller, string[] spenders, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ofEachCaller ? OfEachCaller : OfAll);
        command.With("task_name", IdempotencyTable.TaskName)
            .With("processing", options.Processing)
            .With("spenders", NpgsqlDbType.Array | NpgsqlDbType.Text, spenders);
        List<TaskCount> counts = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(new TaskCount(
                reader.TextOrNull(0), reader.GetInt32(1), reader.GetInt32(2), reader.TextOrNull(3), reader.TextOrNull(4), reader.GetDecimal(5)));
        }

        return counts;
    }
}
