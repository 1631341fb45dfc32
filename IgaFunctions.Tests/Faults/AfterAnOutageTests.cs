using Iga.Faults;
using Iga.Tests.Models;
using Iga.Workflow;
using Polly.Timeout;

namespace Iga.Tests.Faults;

/// <summary>Calls that take as long as pictures do, after an outage, on a clock that jumps from event to event.</summary>
public sealed class AfterAnOutageTests
{
    private static readonly Fault Down = new(FailureKind.ModelUnavailable, "status 503", IsTransient: true);

    private readonly TestTime _time = new();
    private readonly CircuitBreaker _breaker;
    private readonly DateTimeOffset _began;

    public AfterAnOutageTests() => (_breaker, _began) = (new(_time), _time.GetUtcNow());

    [Theory]
    [InlineData(50, 60, 60)]
    [InlineData(200, 30, 60)]
    [InlineData(200, 90, 30)]
    public void A_model_that_is_well_again_makes_the_pictures_of_all_that_wait_for_it(int tasks, int outageSeconds, int callSeconds)
    {
        var events = new PriorityQueue<(int Task, int Tries, CircuitBreaker.Call? Call), TimeSpan>();
        for (var n = 1; n <= tasks; n++)
        {
            events.Enqueue((n, 1, null), BeginOf(n));
        }

        while (events.TryDequeue(out var next, out var due))
        {
            _time.Advance(_began + due - _time.GetUtcNow());
            if (next.Call is { } ended)
            {
                ended.Succeeded();
                continue;
            }

            var call = _breaker.Enter(out var held);
            if (call is not null && due >= TimeSpan.FromSeconds(outageSeconds))
            {
                events.Enqueue(next with { Call = call }, due + TimeSpan.FromSeconds(callSeconds));
                continue;
            }

            call?.Failed(new FailureException(Down), isRepeat: false);
            var fault = call is null ? Down with { RetryAfter = held } : Down;
            var wait = RetryRules.NextWait(fault, next.Tries, due - BeginOf(next.Task), seed: next.Task * 7919);
            Assert.True(wait is not null, $"Task {next.Task} was given up after {due.TotalSeconds} s");
            events.Enqueue((next.Task, next.Tries + 1, null), due + wait.Value);
        }

        static TimeSpan BeginOf(int task) => TimeSpan.FromMilliseconds(100 * task);
    }

    [Fact]
    public void A_model_that_failed_by_its_silence_is_not_taken_to_be_well_because_it_is_silent()
    {
        var silence = new FailureException(Down, new TimeoutRejectedException());
        for (var n = 0; n < CircuitBreaker.MinimumFailures; n++)
        {
            _breaker.Enter(out _)!.Failed(silence, isRepeat: false);
        }

        _time.Advance(CircuitBreaker.FirstBreak);
        List<int> letThrough = [];
        for (var turn = 0; turn < 4; turn++)
        {
            letThrough.Add(Enumerable.Range(0, 100).Count(_ => _breaker.Enter(out var _) is not null));
            _time.Advance(CircuitBreaker.LongestBreak);
        }

        Assert.Equal([1, 1, 1, 1], letThrough);
    }
}
