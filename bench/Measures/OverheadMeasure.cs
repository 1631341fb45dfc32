using System.Diagnostics;
using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>What is added to the model's own time: one task after another on a system that has nothing else to do.</summary>
internal sealed class OverheadMeasure : IMeasure
{
    private static readonly TimeSpan ModelLatency = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public string Name => "overhead";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        await using var service = await lab.StartAsync(stack, TimeSpan.Zero, cancellationToken);
        await Tasks.RunAsync(service, lab.Bucket, settings.Amount(1_000 / stack.LoadDivisor, 5), Timeout, cancellationToken);
        lab.Model.Latency = ModelLatency;
        var asClient = new List<double>();
        var asEngine = new List<double>();
        var (warmUp, count) = settings.Amount((20, 40), (1, 3));
        using var line = new HttpLine(service.Address);
        for (var number = 0; number < warmUp + count; number++)
        {
            var (seen, id) = await RunAsync(line, cancellationToken);
            if (number >= warmUp)
            {
                asClient.Add((seen - lab.Model.LastTook).TotalMilliseconds);
                asEngine.Add((await service.OwnTimeAsync(id, cancellationToken) - lab.Model.LastTook).TotalMilliseconds);
            }
        }

        results.Add(stack.Name, "overhead", "client's median", Unit.Milliseconds, new Latencies(asClient).Median);
        results.Add(stack.Name, "overhead", "client's p99", Unit.Milliseconds, new Latencies(asClient).P99);
        results.Add(stack.Name, "overhead", "engine's median", Unit.Milliseconds, new Latencies(asEngine).Median);
    }

    private static async Task<(TimeSpan Seen, string TaskId)> RunAsync(HttpLine line, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var posted = await line.SendAsync(Requests.Post(Guid.NewGuid().ToString("N")), cancellationToken);
        var id = Requests.TaskId(posted);
        var poll = Requests.Poll(id);

        // Nobody polls while the model is sure to be at work, so that polls don't disturb what is measured.
        await Task.Delay(ModelLatency, cancellationToken);
        while (true)
        {
            var status = Requests.Status(await line.SendAsync(poll, cancellationToken));
            if (status == "SUCCESS")
            {
                return (Stopwatch.GetElapsedTime(started), id);
            }

            if (status == "FAILURE" || Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
            {
                throw new MeasureFailedException($"Task {id} is {status}.");
            }

            await Task.Delay(1, cancellationToken);
        }
    }
}
