using System.Diagnostics;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>
/// kill -9 of all processes while 50 tasks are at the model, and at once a new start: when the tasks go on, and when all have
/// their pictures. The model's own time is not counted.
/// </summary>
internal sealed class RecoveryMeasure : IMeasure
{
    private static readonly TimeSpan ModelLatency = TimeSpan.FromSeconds(1);

    /// <summary>Celery forgets a task that its worker had taken: there is an end to waiting for it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public string Name => "recovery";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        await using var service = await lab.StartAsync(stack, TimeSpan.Zero, cancellationToken);
        await Tasks.RunAsync(service, lab.Bucket, 5, Timeout, cancellationToken);
        lab.Model.Latency = ModelLatency;
        var tasks = Math.Min(settings.Amount(50, 5), stack.Slots ?? int.MaxValue);
        var timeout = stack is OwnStack ? Timeout : settings.Amount(Timeout, TimeSpan.FromSeconds(5));
        var calls = lab.Model.Calls;
        var objects = lab.Bucket.Objects.Count;
        await Tasks.PostAsync(service, tasks, cancellationToken);
        while (lab.Model.Calls - calls < tasks)
        {
            await Task.Delay(5, cancellationToken);
        }

        await service.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        calls = lab.Model.Calls;
        service.Launch();
        while (lab.Model.Calls == calls && Stopwatch.GetElapsedTime(killed) < timeout)
        {
            await Task.Delay(5, cancellationToken);
        }

        var goesOn = Stopwatch.GetElapsedTime(killed);
        while (lab.Bucket.Objects.Count - objects < tasks && Stopwatch.GetElapsedTime(killed) < timeout)
        {
            await Task.Delay(5, cancellationToken);
        }

        var over = Stopwatch.GetElapsedTime(killed) - ModelLatency;
        if (stack is OwnStack && goesOn >= timeout)
        {
            throw new MeasureFailedException($"No task went on within {timeout} of the kill: {service.Tail()}");
        }

        results.Add(stack.Name, "recovery", "first task goes on", Unit.Seconds, goesOn < timeout ? goesOn.TotalSeconds : double.PositiveInfinity);
        results.Add(stack.Name, "recovery", "all done", Unit.Seconds, over < timeout - ModelLatency ? over.TotalSeconds : double.PositiveInfinity);
    }
}
