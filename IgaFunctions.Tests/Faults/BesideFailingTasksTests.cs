using Iga.Faults;
using Iga.Tests.Models;
using Iga.Workflow;

namespace Iga.Tests.Faults;

/// <summary>A healthy task beside others that keep meeting 503, on a clock that jumps from try to try.</summary>
public sealed class BesideFailingTasksTests
{
    private readonly TestTime _time = new();
    private readonly DependencyPipeline _pipeline;

    public BesideFailingTasksTests() => _pipeline = new(
        Dependency.Model, TimeSpan.FromMinutes(3), retryTimeouts: false, new RecordingObserver(), _time);

    [Fact]
    public async Task A_healthy_task_beside_four_that_meet_503_waits_for_seconds_whenever_it_comes()
    {
        for (var arrival = 0; arrival <= 60; arrival += 3)
        {
            var waited = await BesideAsync(failing: 4, TimeSpan.FromSeconds(arrival));
            Assert.True(waited <= TimeSpan.FromSeconds(5), $"It came after {arrival} s and waited for {waited.TotalSeconds} s");
        }
    }

    [Fact]
    public async Task A_healthy_task_beside_forty_that_meet_503_is_made_while_its_caller_polls()
    {
        for (var arrival = 0; arrival <= 60; arrival += 10)
        {
            var waited = await BesideAsync(failing: 40, TimeSpan.FromSeconds(arrival));
            Assert.True(waited <= RetryRules.Budget, $"It came after {arrival} s and waited for {waited.TotalSeconds} s");
        }
    }

    /// <summary>Plays tasks as the workflow repeats them, on a clock that jumps from try to try.</summary>
    /// <returns>For how long the healthy one waited.</returns>
    private async Task<TimeSpan> BesideAsync(int failing, TimeSpan arrival)
    {
        var model = $"{failing} and {arrival}";
        var began = _time.GetUtcNow();
        var tries = new PriorityQueue<(int Seed, int Tries), TimeSpan>();
        for (var n = 1; n <= failing; n++)
        {
            tries.Enqueue((n * 7919, 1), TimeSpan.Zero);
        }

        tries.Enqueue((0, 1), arrival);
        while (tries.TryDequeue(out var task, out var due))
        {
            var early = began + due - _time.GetUtcNow();
            _time.Advance(early > TimeSpan.Zero ? early : TimeSpan.Zero);
            try
            {
                await _pipeline.CallAsync<int>(
                    task.Seed == 0 ? _ => new(1) : _ => throw Failure(), CancellationToken.None, part: model);
                return due - arrival;
            }
            catch (FailureException failure)
            {
                var elapsed = task.Seed == 0 ? due - arrival : TimeSpan.Zero; // the failing ones never give up
                var wait = RetryRules.NextWait(failure.Fault, task.Tries, elapsed, task.Seed);
                Assert.True(wait is not null, $"The healthy task, which came after {arrival}, was given up");
                tries.Enqueue((task.Seed, task.Tries + 1), due + wait.Value);
            }
        }

        throw new InvalidOperationException("There is a task at any time.");
    }

    private static FailureException Failure() => new(
        FailureKind.ModelUnavailable, "status 503", isTransient: true, retryAfter: TimeSpan.FromSeconds(3));
}
