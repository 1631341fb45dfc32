using Iga.Bench.Limits;
using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>
/// Tasks a second when the model takes no time, 2,000 at once; then the same again while 32 clients poll, ten times a
/// second each. The limit of such polls: what polls a server that does nothing else, on the same busy cores, meanwhile.
/// </summary>
internal sealed class ThroughputMeasure : IMeasure
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public string Name => "throughput";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        await using var service = await lab.StartAsync(stack, TimeSpan.Zero, cancellationToken);
        var tasks = settings.Amount(2_000 / stack.LoadDivisor, 40);
        await Tasks.RunAsync(service, lab.Bucket, tasks, Timeout, cancellationToken); // what starts cold is not what is measured

        var cpu = new CpuMeter(service);
        var batch = await Tasks.RunAsync(service, lab.Bucket, tasks, Timeout, cancellationToken);
        results.Add(stack.Name, "throughput", "rate", Unit.PerSecond, tasks / batch.Took.TotalSeconds, isReckoned: stack.LoadDivisor > 1);
        results.Add(stack.Name, "throughput", "CPU a task", Unit.Microseconds, cpu.PerOne(tasks));

        var known = batch.Ids.Select(Requests.Poll).ToArray();
        var polls = await PollAsync(service.Address);
        results.Add(stack.Name, "polls under load", "p50", Unit.Milliseconds, polls.Latencies.Median);
        results.Add(stack.Name, "polls under load", "p99", Unit.Milliseconds, polls.Latencies.P99);
        if (stack is OwnStack { IsFirst: true })
        {
            using var kestrel = await BareKestrel.StartAsync(lab, cancellationToken);
            var least = await PollAsync(kestrel.Address);
            results.Add(PostgresLimit.Title, "polls under load", "p50", Unit.Milliseconds, least.Latencies.Median);
            results.Add(PostgresLimit.Title, "polls under load", "p99", Unit.Milliseconds, least.Latencies.P99);
        }

        async Task<LoadResult> PollAsync(Uri polled)
        {
            var polling = LoadGenerator.RunAsync(
                polled, new LoadOptions(32, 32 * settings.Amount(40, 5), Timeout, TimeSpan.FromMilliseconds(100)),
                number => known[number % known.Length], 0, null, cancellationToken);
            await Tasks.RunAsync(service, lab.Bucket, tasks, Timeout, cancellationToken);
            return (await polling).ThrowOnErrors("polling under load");
        }
    }
}
