using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>GET with 10,000 tasks that live and 100,000 that have ended; half of the polls go to each.</summary>
internal sealed class PollMeasure : IMeasure
{
    private const int Sample = 2_000;

    public string Name => "polls";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        // Longer than the measure: those that live go on living.
        await using var service = await lab.StartAsync(stack, TimeSpan.FromMinutes(8), cancellationToken);
        // To the peer's polls it makes no difference how many live: each reads one key of Redis.
        var live = await Tasks.PostAsync(service, settings.Amount(10_000, 100) / stack.LoadDivisor, cancellationToken);
        var ended = await service.AddEndedAsync(settings.Amount(100_000, 500), Sample, cancellationToken);
        var polls = live.Take(Sample).Zip(ended.Take(live.Count), (one, other) => new[] { one, other }).SelectMany(ids => ids)
            .Select(Requests.Poll).ToArray();
        await PollAsync(32); // what starts cold is not what is measured
        foreach (var clients in new[] { 1, 32 })
        {
            var cpu = new CpuMeter(service);
            var load = await PollAsync(clients);
            results.Add(stack.Name, $"polls {clients}", "rate", Unit.PerSecond, load.Rate);
            results.Add(stack.Name, $"polls {clients}", "p50", Unit.Milliseconds, load.Latencies.Median);
            results.Add(stack.Name, $"polls {clients}", "p99", Unit.Milliseconds, load.Latencies.P99);
            results.Add(stack.Name, $"polls {clients}", "CPU", Unit.Microseconds, cpu.PerOne(load.Latencies.Count));
        }

        async Task<LoadResult> PollAsync(int clients)
        {
            var load = await LoadGenerator.RunAsync(
                service.Address,
                new LoadOptions(clients, settings.Amount(50_000, 200), TimeSpan.FromSeconds(settings.Amount(3, 1))),
                number => polls[number % polls.Length], 0, null, cancellationToken);
            return load.ThrowOnErrors($"polls with {clients} clients");
        }
    }
}
