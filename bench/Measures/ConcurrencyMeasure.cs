using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>200 and 2,000 tasks at once with a model that takes 2 s: wall time and peak memory.</summary>
internal sealed class ConcurrencyMeasure : IMeasure
{
    public static readonly TimeSpan ModelLatency = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    public string Name => "concurrency";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        foreach (var tasks in settings.Amount<int[]>([200, 2_000], [20]))
        {
            await using var service = await lab.StartAsync(stack, TimeSpan.Zero, cancellationToken);
            await Tasks.RunAsync(service, lab.Bucket, settings.Amount(1_000 / stack.LoadDivisor, 5), Timeout, cancellationToken);
            lab.Model.Latency = ModelLatency;

            // What works in few slots takes tasks / slots × 2 s: of that a part is run, and the whole reckoned from it.
            var run = stack.Slots is { } slots ? Math.Min(tasks, settings.Amount(4, 1) * slots) : tasks;
            await using var memory = new PeakMemory(service.Processes);
            var batch = await Tasks.RunAsync(service, lab.Bucket, run, Timeout, cancellationToken);
            results.Add(stack.Name, $"{tasks} tasks of 2 s", "time", Unit.Seconds, batch.Took.TotalSeconds * tasks / run, isReckoned: run < tasks);
            results.Add(stack.Name, $"{tasks} tasks of 2 s", "memory", Unit.Megabytes, memory.Megabytes);
            if (service.Processes is [var only])
            {
                results.Add(stack.Name, $"{tasks} tasks of 2 s", "peak resident", Unit.Megabytes, ProcessUsage.PeakResident(only) / 1e6);
            }
        }
    }
}
