using Iga.Faults;
using Iga.Models;
using Iga.Workflow;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Pressure;

/// <summary>Calls that are sent back, in time that passes as the test wants: who comes again when.</summary>
public sealed class TurnsTests(ITestOutputHelper output)
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Calls_come_again_one_after_the_other_and_not_all_at_once()
    {
        var turns = new Turns(_time);
        var waits = Enumerable.Range(0, 50).Select(_ => turns.Next(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2))).ToArray();

        Assert.Equal(Enumerable.Range(1, 50).Select(n => TimeSpan.FromSeconds(10 + (2 * n))), waits);
    }

    [Fact]
    public void A_turn_that_is_past_is_nobodys()
    {
        var turns = new Turns(_time);
        turns.Next(TimeSpan.Zero, TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(TimeSpan.FromSeconds(1), turns.Next(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_caller_with_one_call_does_not_come_after_another_callers_row()
    {
        var turns = new Turns(_time);
        var last = Enumerable.Range(0, 30).Select(_ => turns.Next(TimeSpan.Zero, TimeSpan.FromSeconds(2), "many")).ToArray()[^1];

        Assert.Equal(TimeSpan.FromSeconds(60), last);
        Assert.Equal(TimeSpan.FromSeconds(4), turns.Next(TimeSpan.Zero, TimeSpan.FromSeconds(2), "one")); // The two share the quota.
        Assert.Equal(TimeSpan.FromSeconds(64), turns.Next(TimeSpan.Zero, TimeSpan.FromSeconds(2), "many"));
    }

    // A queue that holds 20 seconds' worth of calls, as the limits have it, and a task for each call, as the workflow has
    // it: what is sent back waits as the retry rules say.
    [Theory]
    [InlineData(60, 2_000)]
    [InlineData(600, 2_000)]
    [InlineData(6_000, 10_000)]
    public void A_backlog_is_worked_off_at_the_pace_of_the_quota_and_nobody_starves(int perMinute, int tasks)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var each = TimeSpan.FromMinutes(1) / perMinute;
        var capacity = perMinute / 3;
        var turns = new Turns(_time);
        var queue = 0;
        var (now, served, idle, sentBack) = (TimeSpan.Zero, 0, 0, 0);
        var arrivals = new PriorityQueue<int, TimeSpan>(Enumerable.Range(0, tasks).Select(_ => (random.Next(), TimeSpan.Zero)));
        while (served < tasks)
        {
            while (arrivals.TryPeek(out _, out var at) && at <= now)
            {
                var task = arrivals.Dequeue();
                if (queue < capacity)
                {
                    queue++;
                    continue;
                }

                sentBack++;
                var fault = new Fault(
                    FailureKind.QuotaExhausted, "", IsTransient: true, IsLocalWait: true, turns.Next(each * capacity / 2, each));
                arrivals.Enqueue(task, now + RetryRules.NextWait(fault, 1, now, task)!.Value);
            }

            (queue, served, idle) = queue > 0 ? (queue - 1, served + 1, idle) : (queue, served, idle + 1);
            now += each;
            _time.Advance(each);
            Assert.True(now < each * tasks * 2, $"{tasks - served} of {tasks} tasks still wait");
        }

        output.WriteLine($"{idle} of {served + idle} turns unused, {(double)sentBack / tasks:0.0} times sent back");
        Assert.InRange(idle, 0, 0.3 * served);
        Assert.InRange(sentBack, 0, 20 * tasks);
    }
}
