using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>POST → 202, each with a new key, while the model takes its usual time for what was accepted before.</summary>
internal sealed class AcceptMeasure : IMeasure
{
    public static readonly int[] Clients = [1, 32, 256];

    /// <summary>A usual time of a real model; no task ends during the measure.</summary>
    private static readonly TimeSpan ModelLatency = TimeSpan.FromSeconds(30);

    public string Name => "accept";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        await using var service = await lab.StartAsync(stack, ModelLatency, cancellationToken);

        // What starts cold is not what is measured: until some 12,000 the compiler takes its part.
        await PostAsync(service, new LoadOptions(32, settings.Amount(15_000, 50), TimeSpan.FromSeconds(10)), cancellationToken);
        foreach (var clients in Clients)
        {
            var cpu = new CpuMeter(service);
            var load = await PostAsync(
                service,
                new LoadOptions(clients, settings.Amount(12_000, 100), TimeSpan.FromSeconds(settings.Amount(3, 1))),
                cancellationToken);
            results.Add(stack.Name, $"accept {clients}", "rate", Unit.PerSecond, load.Rate);
            results.Add(stack.Name, $"accept {clients}", "p50", Unit.Milliseconds, load.Latencies.Median);
            results.Add(stack.Name, $"accept {clients}", "p99", Unit.Milliseconds, load.Latencies.P99);
            results.Add(stack.Name, $"accept {clients}", "CPU", Unit.Microseconds, cpu.PerOne(load.Latencies.Count));
        }
    }

    private static async Task<LoadResult> PostAsync(Service service, LoadOptions options, CancellationToken cancellationToken)
    {
        var keys = Guid.NewGuid().ToString("N");
        var load = await LoadGenerator.RunAsync(
            service.Address, options, number => Requests.Post($"{keys}-{number}"), 202, null, cancellationToken);
        return load.ThrowOnErrors($"POST with {options.Clients} clients");
    }
}
