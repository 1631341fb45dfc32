using System.Diagnostics;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>What the processes use a minute after their start with nothing to do.</summary>
internal sealed class IdleMeasure : IMeasure
{
    public string Name => "idle";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        await using var service = await lab.StartAsync(stack, TimeSpan.Zero, cancellationToken);
        await Tasks.RunAsync(service, lab.Bucket, 5, TimeSpan.FromMinutes(1), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(settings.Amount(30, 1)), cancellationToken);

        var before = ProcessUsage.Of(service.Processes);
        var watch = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(settings.Amount(30, 1)), cancellationToken);
        var after = ProcessUsage.Of(service.Processes);
        results.Add(stack.Name, "idle", "CPU", Unit.Percent, (after.Cpu - before.Cpu) / watch.Elapsed * 100);
        results.Add(stack.Name, "idle", "memory", Unit.Megabytes, after.Memory / 1e6);
    }
}
