using Iga.Faults;
using Iga.Tests.Models;

namespace Iga.Tests.Faults;

/// <summary>When calls are held back, what they are told then, and how they are let through again.</summary>
public sealed class CircuitBreakerTests
{
    private const string Reason = "The model m is not available at the moment (status 503). Overloaded.";

    private readonly TestTime _time = new();
    private readonly DependencyPipeline _pipeline;

    public CircuitBreakerTests() => _pipeline = new(
        Dependency.Model, TimeSpan.FromMinutes(3), retryTimeouts: false, new RecordingObserver(), _time);

    [Fact]
    public async Task A_call_that_is_held_back_tells_why_the_calls_before_it_failed()
    {
        await BreakAsync("m");

        var failure = await FailAsync("m", Healthy);

        Assert.Equal((FailureKind.ModelUnavailable, Reason, true), (failure.Kind, failure.Message, failure.IsTransient));
        Assert.Equal(CircuitBreaker.FirstBreak, failure.RetryAfter);
    }

    [Fact]
    public async Task A_model_that_is_down_holds_no_other_back()
    {
        await BreakAsync("m");

        Assert.Equal(1, await CallAsync("another", Healthy));
    }

    [Fact]
    public async Task One_call_that_is_repeated_does_not_open_the_circuit()
    {
        for (var call = 1; call < CircuitBreaker.MinimumFailures; call++)
        {
            await FailAsync("m", Repeatable); // three attempts each
        }

        Assert.Equal(1, await CallAsync("m", Healthy));
    }

    [Fact]
    public async Task Calls_come_back_one_then_more_and_more()
    {
        await BreakAsync("m");
        _time.Advance(CircuitBreaker.FirstBreak);
        List<int> atOnce = [];
        for (var wave = 0; wave < 3; wave++)
        {
            List<TaskCompletionSource<int>> open = [];
            List<Task<int>> through = [];
            while (open.Count < 100)
            {
                var answer = new TaskCompletionSource<int>();
                var call = CallAsync("m", _ => new(answer.Task));
                if (call.IsFaulted)
                {
                    Assert.Equal(Reason, (await Assert.ThrowsAsync<FailureException>(() => call)).Message);
                    break;
                }

                open.Add(answer);
                through.Add(call);
            }

            atOnce.Add(open.Count);
            open.ForEach(answer => answer.SetResult(1));
            await Task.WhenAll(through);
        }

        Assert.Equal([1, 2, 8], atOnce);
    }

    [Fact]
    public async Task A_trial_that_does_not_end_keeps_the_next_one_waiting_for_a_while_only()
    {
        await BreakAsync("m");
        _time.Advance(CircuitBreaker.FirstBreak);
        var hanging = new TaskCompletionSource<int>();
        var first = CallAsync("m", _ => new(hanging.Task));
        await FailAsync("m", Healthy);

        _time.Advance(CircuitBreaker.LongestBreak);

        Assert.Equal(1, await CallAsync("m", Healthy));
        hanging.SetResult(2);
        Assert.Equal(2, await first);
    }

    [Fact]
    public async Task An_outage_of_long_ago_holds_nobody_back()
    {
        await BreakAsync("m");
        _time.Advance(TimeSpan.FromMinutes(2));

        var answer = new TaskCompletionSource<int>();
        var calls = Enumerable.Range(0, 100).Select(_ => CallAsync("m", _ => new(answer.Task))).ToArray();
        answer.SetResult(1);

        Assert.Equal(100, (await Task.WhenAll(calls)).Sum());
    }

    [Fact]
    public async Task A_dependency_that_stays_down_is_tried_after_longer_and_longer_breaks()
    {
        await BreakAsync("m");
        List<double> breaks = [];
        for (var trial = 0; trial < 4; trial++)
        {
            var wait = (await FailAsync("m", Healthy)).RetryAfter!.Value;
            breaks.Add(wait.TotalSeconds);
            _time.Advance(wait);
            await FailAsync("m", Down);
        }

        Assert.Equal([2.0, 4.0, 8.0, 15.0], breaks);
    }

    [Fact]
    public async Task Models_without_number_take_bounded_memory_and_forget_no_breaker_that_is_open()
    {
        await BreakAsync("m");
        var breakers = new CircuitBreakers(_time);
        var kept = breakers.Of("m");
        for (var i = 0; i < CircuitBreaker.MinimumFailures; i++)
        {
            kept.Enter(out _)?.Failed(Failure(), isRepeat: false);
        }

        for (var id = 0; id < 10 * CircuitBreakers.Most; id++)
        {
            breakers.Of($"model-{id}");
            await CallAsync($"model-{id}", Healthy);
        }

        Assert.Same(kept, breakers.Of("m"));
        Assert.NotNull(kept.WaitTime());
        Assert.Equal(Reason, (await FailAsync("m", Healthy)).Message);
    }

    private static FailureException Failure() => new(
        FailureKind.ModelUnavailable, Reason, isTransient: true, retryAfter: TimeSpan.FromSeconds(3));

    private static ValueTask<int> Healthy(CancellationToken cancellationToken) => new(1);

    private static ValueTask<int> Down(CancellationToken cancellationToken) => throw Failure();

    private static ValueTask<int> Repeatable(CancellationToken cancellationToken) =>
        throw new FailureException(FailureKind.ModelUnavailable, Reason, isTransient: true);

    private async Task BreakAsync(string model)
    {
        for (var i = 0; i < CircuitBreaker.MinimumFailures; i++)
        {
            await FailAsync(model, Down);
        }
    }

    private Task<FailureException> FailAsync(string model, Func<CancellationToken, ValueTask<int>> attempt) =>
        Assert.ThrowsAsync<FailureException>(() => CallAsync(model, attempt));

    private Task<int> CallAsync(string model, Func<CancellationToken, ValueTask<int>> attempt) =>
        _pipeline.CallAsync(attempt, CancellationToken.None, part: model);
}
