using System.Diagnostics;
using System.Net;
using Iga.Tests.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Pressure;

/// <summary>Two thousand tasks are accepted at once, far more than the model takes.</summary>
[Collection<Alone>]
public sealed class BurstTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Tasks = 2_000;
    private const int PerMinute = 9_000;
    private const int AtOnce = 16;

    /// <summary>Bytes. A task that is over costs no memory: this much would show.</summary>
    private const long LeftByATask = 1_000;

    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync(
        new()
        {
            ["IGA_MODEL_REQUESTS_PER_MINUTE"] = $"{PerMinute}",
            ["IGA_MODEL_MAX_CONCURRENCY"] = $"{AtOnce}",
            ["IGA_MODEL_TIMEOUT_SECONDS"] = "60",
        },
        drawing: TimeSpan.FromMilliseconds(20));

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_burst_is_worked_off_within_the_quota_without_loss_on_few_threads_and_connections_and_flat_memory()
    {
        // The first burst fills what is kept for reuse: connections, buffers, threads.
        await RunAsync("first burst", Tasks);
        _lab.ForgetEmulators();
        var before = Heap();

        var (took, mostThreads, mostConnections, slowestPoll) = await RunAsync("second burst", Tasks);

        _lab.ForgetEmulators();
        var after = Heap();
        for (var more = 0; more < 3 && (after - before) / Tasks >= LeftByATask; more++)
        {
            // Something else may have grown meanwhile. What a task leaves behind is left by each burst.
            before = after;
            await RunAsync($"burst {more + 3}", Tasks);
            _lab.ForgetEmulators();
            after = Heap();
        }

        output.WriteLine(
            $"{Tasks} tasks in {took.TotalSeconds:0.0} s, at most {mostThreads} threads, {mostConnections} connections, "
            + $"{_lab.InFlight.Most} calls at once; slowest poll {slowestPoll.TotalMilliseconds:0} ms; heap {before >> 10} → {after >> 10} KiB");
        Assert.InRange(_lab.InFlight.Most, 1, AtOnce);
        Assert.InRange(mostThreads, 1, 250);
        Assert.InRange(mostConnections, 1, 34); // the pool's 32, the heartbeat's, and the test's own

        Assert.True((after - before) / Tasks < LeftByATask, $"{(after - before) / Tasks} bytes a task are left");
        await _lab.AssertNothingIsLeftAsync();
    }

    private async Task<(TimeSpan Took, int MostThreads, long MostConnections, TimeSpan SlowestPoll)> RunAsync(string what, int count)
    {
        var prompts = Enumerable.Range(0, count).Select(n => $"{what} {n} {Guid.NewGuid()}").ToArray();
        var keys = prompts.Select(_ => Caller.NewKey()).ToArray();
        var ids = new Guid[count];
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (n, _) =>
            ids[n] = await _lab.SubmitAsync(keys[n], new { prompt = prompts[n] }));

        var (threads, connections, slowest) = (0, 0L, TimeSpan.Zero);
        var left = new Queue<Guid>(ids);
        var deadline = Environment.TickCount64 + 300_000;
        while (left.TryPeek(out var next))
        {
            using (var process = Process.GetCurrentProcess())
            {
                threads = Math.Max(threads, process.Threads.Count);
            }

            connections = Math.Max(connections, await _lab.CountAsync(
                "select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'"));
            var asked = Stopwatch.GetTimestamp();
            var (status, body) = await _lab.Client.PollAsync(next);
            var answered = Stopwatch.GetElapsedTime(asked);
            slowest = answered > slowest ? answered : slowest;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{status}: {body}");
            if (status == HttpStatusCode.OK)
            {
                Assert.Equal("SUCCESS", body.GetProperty("status").GetString());
                left.Dequeue();
                continue;
            }

            Assert.True(Environment.TickCount64 < deadline, $"{left.Count} tasks have not ended");
            await Task.Delay(50);
        }

        var took = Stopwatch.GetElapsedTime(begun);
        Assert.All(prompts, prompt => Assert.Equal(1, _lab.MadeFor(prompt)));
        var objects = _lab.Gcs.Objects.List(Fixtures.Service.Bucket)
            .Select(stored => stored.Name[Fixtures.Service.Prefix.Length..][..Fixtures.Service.ObjectStemOf("").Length]).ToList();
        Assert.Equal(keys.Select(Fixtures.Service.ObjectStemOf).Order(), objects.Order());
        Assert.True(slowest < TimeSpan.FromSeconds(10), $"a poll took {slowest}"); // what the caller waits
        return (took, threads, connections, slowest);
    }

    /// <summary>Without the pinned buffers, of which there are a few for good: how many are in use at once is chance.</summary>
    private static long Heap()
    {
        const int pinned = 4;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var all = GC.GetTotalMemory(forceFullCollection: true);
        return all - GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[pinned].SizeAfterBytes;
    }
}
