using Iga.Bench.Load;
using Iga.Bench.Measures;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Limits;

/// <summary>What Kestrel alone answers, in a process of its own, to the same requests.</summary>
internal sealed class KestrelLimit : IMeasure
{
    public string Name => "kestrel";

    public bool Concerns(IStack stack) => stack is OwnStack { IsFirst: true };

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        using var kestrel = await BareKestrel.StartAsync(lab, cancellationToken);
        var post = Requests.Post("bench");
        await RunAsync(32, settings.Amount(20_000, 50)); // what starts cold is not what is measured
        foreach (var clients in AcceptMeasure.Clients)
        {
            var load = await RunAsync(clients, settings.Amount(60_000, 100));
            results.Add(PostgresLimit.Title, "Kestrel alone", $"POSTs with {clients} clients", Unit.PerSecond, load.Rate);
        }

        async Task<LoadResult> RunAsync(int clients, int requests) => (await LoadGenerator.RunAsync(
            kestrel.Address, new LoadOptions(clients, requests, TimeSpan.FromSeconds(3)), _ => post, 202, null, cancellationToken))
            .ThrowOnErrors("Kestrel alone");
    }
}
