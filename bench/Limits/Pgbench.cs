using System.Globalization;
using System.Text.RegularExpressions;
using Iga.Bench.Systems;
using Npgsql;

namespace Iga.Bench.Limits;

/// <summary>PostgreSQL's own load generator, on a system's database, with the statements of this folder.</summary>
internal sealed partial class Pgbench(Lab lab, Service service)
{
    private int _sample;

    /// <summary>Makes the table of the tasks that <c>poll.sql</c> asks for; no more than there are.</summary>
    public async Task SampleAsync(int tasks, CancellationToken cancellationToken)
    {
        await service.ExecuteAsync(
            $"""
            drop table if exists sample;
            create table sample as select task_id, row_number() over () as n
                from (select task_id from idempotency_keys where status = 'completed' order by random() limit {tasks}) ended;
            create unique index on sample (n);
            analyze sample
            """,
            cancellationToken);
        _sample = (int)await service.ReadAsync<long>("select count(*) from sample", cancellationToken);
    }

    /// <param name="parts">Names of files, one after the other in each transaction.</param>
    /// <param name="amount">pgbench's <c>--time</c> in seconds, in which many clients also connect, or <c>--transactions</c>.</param>
    /// <returns>Transactions a second.</returns>
    public async Task<double> RateAsync(IReadOnlyList<string> parts, int clients, string amount, CancellationToken cancellationToken) =>
        double.Parse(
            Rate().Match(await RunAsync(parts, clients, [amount], cancellationToken)).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <returns>What each of so many transactions of one client took.</returns>
    public async Task<IReadOnlyList<double>> MillisecondsAsync(string part, int transactions, CancellationToken cancellationToken)
    {
        var prefix = Path.Combine(lab.Directory, $"pgbench-{Guid.NewGuid():N}");
        await RunAsync([part], 1, [$"--transactions={transactions}", "--log", $"--log-prefix={prefix}"], cancellationToken);
        var log = Directory.GetFiles(lab.Directory, $"{Path.GetFileName(prefix)}.*").Single();

        // A line a transaction: client, its number, microseconds, …
        double[] times = [.. File.ReadLines(log).Select(line => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1_000)];
        File.Delete(log);
        return times;
    }

    private async Task<string> RunAsync(
        IReadOnlyList<string> parts, int clients, IEnumerable<string> options, CancellationToken cancellationToken)
    {
        var script = Path.Combine(lab.Directory, $"{parts[0]}-{parts.Count}.sql");
        await File.WriteAllLinesAsync(script, parts.Select(Read), cancellationToken);
        var database = new NpgsqlConnectionStringBuilder(service.ConnectionString);
        return await ProgramOutput.OfAsync(
            Path.Combine(lab.Databases.Binaries, "pgbench"),
            [
                "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(clients, 2)}", .. options,
                $"--file={script}", $"--define=sample={_sample}", "--host=127.0.0.1", $"--port={database.Port}", $"--username={database.Username}", database.Database!,
            ],
            new Dictionary<string, string> { ["PGPASSWORD"] = database.Password! }, cancellationToken);
    }

    /// <summary>A file of statements by its name.</summary>
    private static string Read(string part) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Limits", part + ".sql"));

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Rate();
}
