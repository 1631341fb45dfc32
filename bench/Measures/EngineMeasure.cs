using System.Diagnostics;
using System.Text;
using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>
/// The app on Microsoft's engine over Azurite, with a model that takes no time: one task after another, then 200 at once whose callers
/// poll every 200 ms.
/// </summary>
internal sealed class EngineMeasure : IMeasure
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public string Name => "engine";

    /// <summary>Only where versions are compared is what runs it built.</summary>
    public bool Concerns(IStack stack) => stack is OwnStack { Build.Engine: not null } && Checkout.Azurite is not null;

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        lab.Model.Latency = TimeSpan.Zero;
        await using var service = await EngineService.StartAsync(lab, ((OwnStack)stack).Build, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        await Parallel.ForAsync(0, settings.Amount(20, 2), limit.Token, async (_, token) => await RunAsync(service, Pause, token));

        var times = new List<double>();
        for (var task = 0; task < settings.Amount(20, 2); task++)
        {
            times.Add((await RunAsync(service, TimeSpan.FromMilliseconds(10), limit.Token)).TotalMilliseconds);
        }

        results.Add(stack.Name, "engine", "POST to SUCCESS", Unit.Milliseconds, new Latencies(times).Median);

        var tasks = settings.Amount(200, 5);
        var requests = service.StorageRequests;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, tasks).Select(_ => RunAsync(service, Pause, limit.Token)));
        results.Add(stack.Name, $"engine, {tasks} at once", "rate", Unit.PerSecond, tasks / Stopwatch.GetElapsedTime(started).TotalSeconds);
        results.Add(
            stack.Name, $"engine, {tasks} at once", "storage requests a task", Unit.Count, (double)(service.StorageRequests - requests) / tasks);
    }

    /// <summary>Posts a task, again where the service asks for that, and polls until it has succeeded.</summary>
    private static async Task<TimeSpan> RunAsync(EngineService service, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var line = new HttpLine(service.Address);
        var post = Requests.Post(Guid.NewGuid().ToString("N"));
        var started = Stopwatch.GetTimestamp();
        Answer answer;
        while ((answer = await line.SendAsync(post, cancellationToken)).Status != 202)
        {
            await Task.Delay(pause, cancellationToken);
        }

        var poll = Requests.Poll(Requests.TaskId(answer));
        do
        {
            await Task.Delay(pause, cancellationToken);
            answer = await line.SendAsync(poll, cancellationToken);
            if (answer.Status == 200 && Requests.Status(answer) == "FAILURE")
            {
                throw new MeasureFailedException($"A task failed: {Encoding.UTF8.GetString(answer.Body.Span)}");
            }
        }
        while (answer.Status != 200 || Requests.Status(answer) != "SUCCESS");
        return Stopwatch.GetElapsedTime(started);
    }
}
