using Iga.Http;
using Iga.Keys;
using Iga.Postgres;
using Npgsql;

namespace Iga.Usage;

/// <summary>Adds up what tasks have used, in one statement over those that ended in a time.</summary>
public sealed class UsageReader(NpgsqlDataSource dataSource, IdempotencyTable table)
{
    /// <summary>There may be as many workflows as tasks; the total counts all of them.</summary>
    private const int MostRows = 1_000;

    /// <param name="until">The end of the time, where the query leaves it open.</param>
    internal Task<UsageFigures> ReadAsync(UsageQuery query, DateTimeOffset until, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => TryReadAsync(query, until, token), cancellationToken);

    private async Task<UsageFigures> TryReadAsync(UsageQuery query, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var (name, key, order) = query.By switch
        {
            UsageKey.Day => ("day", "to_char(ended_at at time zone 'utc', 'YYYY-MM-DD')", "key"),
            UsageKey.Workflow => ("workflow_id", "workflow_id", "usd desc, tasks desc, key"),
            _ => ("model", "model", "usd desc, tasks desc, key"),
        };
        await using var connection = await OpenAsync(cancellationToken);

        // The row that stands for all comes first.
        await using var command = new NpgsqlCommand($"""
            select key, count(*) as tasks, count(*) filter (where not has_failed), count(*) filter (where has_failed),
                count(*) filter (where has_image), coalesce(sum(prompt_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint,
                coalesce(sum(usd), 0) as usd
            from (select *, {key} as key from {EndedTasks.Between}) keyed
            group by grouping sets ((key), ())
            order by grouping(key) desc, {order} limit {MostRows + 1}
            """, connection);
        command.CommandTimeout = (int)UsageFunction.Budget.TotalSeconds;
        command.With("since", query.Since.UtcDateTime).With("until", until.UtcDateTime).With("task_name", IdempotencyTable.TaskName);

        UsageSum? total = null;
        List<UsageRow> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var sum = new UsageSum(
                reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6),
                reader.GetDecimal(7));
            if (total is null)
            {
                total = sum;
            }
            else
            {
                rows.Add(new UsageRow(name, reader.TextOrNull(0), sum));
            }
        }

        return new(until, rows, total!);
    }

    /// <summary>
    /// The sums may take long, but that PostgreSQL is out of reach is told as soon as anywhere else: so it is asked for nothing first.
    /// </summary>
    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StoreReads.Budget);
        var connection = await dataSource.OpenConnectionAsync(limit.Token).AsTask().WaitAsync(limit.Token);
        try
        {
            await table.GetShapeAsync(connection, limit.Token);
            await using var look = new NpgsqlCommand("select 1", connection);
            await look.ExecuteScalarAsync(limit.Token).WaitAsync(limit.Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
