using Iga.Bench.Measures;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Limits;

/// <summary>
/// What PostgreSQL alone does on this machine: pgbench with the statements of an accept, a task and a poll, one by one. The
/// service asks for many accepts, and for many tasks' steps, in one statement, so it can come out above this.
/// </summary>
internal sealed class PostgresLimit : IMeasure
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
        var pgbench = new Pgbench(lab, service);
        foreach (var clients in AcceptMeasure.Clients)
        {
            results.Add(Title, $"accept {clients}", "rate", Unit.PerSecond, await RateAsync(["accept"], clients));
        }

        results.Add(Title, "throughput", "rate", Unit.PerSecond, await RateAsync(WholeTask, 32));
        await service.AddEndedAsync(settings.Amount(100_000, 500), 1, cancellationToken);
        await pgbench.SampleAsync(500, cancellationToken);
        foreach (var clients in new[] { 1, 32 })
        {
            results.Add(Title, $"polls {clients}", "rate", Unit.PerSecond, await RateAsync(["poll"], clients));
        }

        Task<double> RateAsync(string[] parts, int clients) => pgbench.RateAsync(
            parts, clients, settings.Amount($"--time={4 + clients / 16}", "--transactions=5"), cancellationToken);
    }
}
