using System.Globalization;
using System.Text.RegularExpressions;
using Iga.Bench.Measures;
using Iga.Bench.Reports;
using Iga.Bench.Systems;
using Npgsql;

namespace Iga.Bench.Limits;

/// <summary>
/// What PostgreSQL alone does on this machine: pgbench with the statements of an accept, a task and a poll, one by one. The
/// service asks for many accepts, and for many tasks' steps, in one statement, so it can come out above this.
/// </summary>
internal sealed partial class PostgresLimit : IMeasure
{
    public const string Title = "limit";

    /// <summary>The accept, and then every read and commit of the task's workflow.</summary>
    private static readonly string[] WholeTask = ["accept", "look", "staged", "complete", "step"];

    public string Name => "limits";

    public bool Concerns(IStack stack) => stack is OwnStack { IsFirst: true };

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        // The service makes the tables, then leaves.
        await using var service = await lab.StartAsync(stack, TimeSpan.Zero, cancellationToken);
        await service.KillAsync();
        foreach (var clients in AcceptMeasure.Clients)
        {
            results.Add(Title, $"accept {clients}", "rate", Unit.PerSecond, await RunAsync(["accept"], clients));
        }

        results.Add(Title, "throughput", "rate", Unit.PerSecond, await RunAsync(WholeTask, 32));
        await service.AddEndedAsync(settings.Amount(100_000, 500), 1, cancellationToken);
        await service.ExecuteAsync("create table sample as select instance_id, row_number() over () as n from iga_runtime.instances "
            + "where ended_at is not null limit 500; create unique index on sample (n)", cancellationToken);
        foreach (var clients in new[] { 1, 32 })
        {
            results.Add(Title, $"polls {clients}", "rate", Unit.PerSecond, await RunAsync(["poll"], clients));
        }

        async Task<double> RunAsync(string[] parts, int clients)
        {
            var script = Path.Combine(lab.Directory, $"{parts[0]}-{parts.Length}.sql");
            await File.WriteAllLinesAsync(script, parts.Select(Read), cancellationToken);
            var database = new NpgsqlConnectionStringBuilder(service.ConnectionString);
            var output = await ProgramOutput.OfAsync(
                Path.Combine(lab.Databases.Binaries, "pgbench"),
                [
                    "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(clients, 2)}",
                    // Seconds; the time in which many clients connect is part of it.
                    settings.Amount($"--time={4 + clients / 16}", "--transactions=5"), $"--file={script}",
                    "--host=127.0.0.1", $"--port={database.Port}", $"--username={database.Username}", database.Database!,
                ],
                new Dictionary<string, string> { ["PGPASSWORD"] = database.Password! }, cancellationToken);
            return double.Parse(Rate().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A file of statements by its name.</summary>
    private static string Read(string part) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Limits", part + ".sql"));

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Rate();
}
