using Iga.LocalHost.Functions;
using Iga.LocalHost.Host;
using Iga.Tests.Durable;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Functions;

public sealed class TimerHostTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task An_occurrence_is_run_once_by_whichever_runtime_is_first()
    {
        Occurrences occurrences = new();
        await using var one = await TestRuntime.StartAsync(database.ConnectionString, null, occurrences, typeof(EverySecond));
        await using var two = await TestRuntime.StartAsync(database.ConnectionString, null, occurrences, typeof(EverySecond));

        await Eventually.Async(() => occurrences.All.Count >= 3);

        var seen = occurrences.All.ToArray();
        Assert.Equal(seen.Distinct(), seen);
        Assert.All(seen, time => Assert.Equal((DateTimeKind.Utc, 0), (time.Kind, time.Millisecond)));
        Assert.True(one.Logs.Count("Timer function EverySecond failed") + two.Logs.Count("Timer function EverySecond failed") > 0);
    }

    [Fact]
    public async Task A_schedule_that_the_host_does_not_know_stops_the_start()
    {
        var stopped = await Assert.ThrowsAsync<InvalidFunctionException>(() => TestRuntime.StartAsync(
            database.ConnectionString, null, new Occurrences(), typeof(EveryFiveMinutes)));

        Assert.Contains("EveryFiveMinutes", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("'0 */5 * * * *'", StartFailure.Describe(stopped), StringComparison.Ordinal);
    }

    internal sealed class EveryFiveMinutes
    {
        [Function("EveryFiveMinutes")]
        public static void Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer) => _ = timer;
    }

    internal sealed class Occurrences
    {
        public System.Collections.Concurrent.ConcurrentQueue<DateTime> All { get; } = [];
    }

    internal sealed class EverySecond(Occurrences occurrences)
    {
        [Function("EverySecond")]
        public async Task RunAsync(
            [TimerTrigger("* * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        {
            await client.GetInstanceAsync("any", cancellationToken);
            occurrences.All.Enqueue(timer.ScheduleStatus!.Last);
            Assert.Equal(timer.ScheduleStatus.Last.AddSeconds(1), timer.ScheduleStatus.Next, TimeSpan.FromSeconds(3));
            throw new InvalidOperationException("a failure must not end the schedule");
        }
    }
}
