using Iga.Keys;
using Iga.Limits;
using Iga.Postgres;
using Iga.Tasks;
using Iga.Workflow;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Usage;

/// <summary>Reads the figures of now and today (UTC) from the tables and the engine.</summary>
public sealed class StatsReader(
    NpgsqlDataSource dataSource, IdempotencyTable table, ITaskStates states, LimitOptions limits, TimeProvider time)
{
    /// <summary>
    /// So many of the tasks in flight, the oldest, are asked for their state. Those behind them count as pending, which nearly all of
    /// them are: as many are never worked on at once.
    /// </summary>
    private const int MostStates = 10_000;

    internal async Task<StatsResponse> ReadAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        (var accepted, var inFlight, var ids) = await PostgresRetries.RunAsync(
            dataSource, token => CountAsync(today, token), cancellationToken);
        var told = (await states.FindAsync(client, ids, cancellationToken)).Values.CountBy(status => status).ToDictionary();
        var started = told.GetValueOrDefault(TaskState.Started);
        var retrying = told.GetValueOrDefault(TaskState.Retry);
        return await PostgresRetries.RunAsync(
            dataSource,
            token => ReadEndedAsync(
                today,
                new StatsResponse(accepted, inFlight - started - retrying, started, retrying, 0, 0, 0, null, null, 0, [], limits.DailySpend),
                token),
            cancellationToken);
    }

    private async Task<(long Accepted, long InFlight, Guid[] Oldest)> CountAsync(DateTimeOffset today, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await table.GetShapeAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand($"""
            with in_flight as materialized (
                select task_id from idempotency_keys
                where {IdempotencyTable.IsInFlight} and task_name = @task_name
            )
            select
                (select count(*) from idempotency_keys where task_id >= @today and task_name = @task_name)
                    + (select count(*) from iga_task_archive where task_id >= @today),
                (select count(*) from in_flight),
                array(select task_id from in_flight order by task_id limit {MostStates})
            """, connection);
        command.With("today", TaskIdTime.LowerBound(today)).With("task_name", IdempotencyTable.TaskName);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<Guid[]>(2));
    }

    private async Task<StatsResponse> ReadEndedAsync(DateTimeOffset today, StatsResponse stats, CancellationToken cancellationToken)
    {
        // The row that stands for all models comes last.
        await using var command = dataSource.CreateCommand($"""
            select model, count(*) filter (where not has_failed), count(*) filter (where has_failed and is_cancelled is not true), count(*) filter (where is_cancelled),
                count(*) filter (where has_image),
                coalesce(sum(usd), 0) as usd,
                percentile_cont(array[0.5, 0.95]) within group (order by seconds) filter (where has_image)
            from {EndedTasks.Between}
            group by grouping sets ((model), ())
            order by grouping(model), usd desc, model
            """);
        command.With("since", today.UtcDateTime).With("until", NpgsqlDbType.TimestampTz, today.AddDays(1).UtcDateTime)
            .With("task_name", IdempotencyTable.TaskName);
        List<StatsResponse.Spend> models = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var seconds = reader.IsDBNull(6) ? null : reader.GetFieldValue<double?[]>(6);
            stats = stats with
            {
                SucceededToday = reader.GetInt64(1),
                FailedToday = reader.GetInt64(2),
                CancelledToday = reader.GetInt64(3),
                MedianSeconds = seconds?[0],
                P95Seconds = seconds?[1],
                SpentTodayUsd = reader.GetDecimal(5),
            };
            models.Add(new(reader.TextOrNull(0), reader.GetDecimal(5), reader.GetInt64(4)));
        }

        return stats with { SpentTodayByModel = [.. models[..^1].Where(model => model.Images > 0)] };
    }
}
