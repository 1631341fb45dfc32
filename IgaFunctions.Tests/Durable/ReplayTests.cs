using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Functions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.Durable;

/// <summary>Replays of code over a history that fits it or not.</summary>
public sealed class ReplayTests
{
    private static readonly DateTime Start = new(2026, 11, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_replay_over_its_own_history_ends_like_the_run_that_made_it()
    {
        var run = Replay(
            "Sum", "[1,2]",
            Event(1, 0, HistoryEventKind.Completed, "Echo", "1"), Event(2, 1, HistoryEventKind.Completed, "Echo", "2"));

        Assert.Equal("3", run.Outcome!.Output);
    }

    [Fact]
    public void Another_activity_than_recorded_is_named()
    {
        var run = Replay("Sum", "[1,2]", Event(1, 0, HistoryEventKind.Completed, "Other", "1"));

        AssertFailed(run, "event 1 is the end of task #0 'Other' (Completed), but this run's task #0 is activity #0 'Echo'");
    }

    [Fact]
    public void A_timer_in_place_of_an_activity_is_named()
    {
        var run = Replay("Sum", "[1,2]", Event(1, 0, HistoryEventKind.Fired, "timer", null));

        AssertFailed(run, "task #0 'timer' (Fired), but this run's task #0 is activity #0 'Echo' (input ");
    }

    [Fact]
    public void A_recorded_task_that_is_not_asked_for_is_named()
    {
        var run = Replay("Sum", "[1,2]", Event(1, 5, HistoryEventKind.Completed, "Echo", "1"));

        AssertFailed(run, "but this run never asked for task #5: it waits for activity #0 'Echo' (input ");
    }

    [Fact]
    public void More_history_than_code_is_told()
    {
        var run = Replay(
            "Sum", "[1]",
            Event(1, 0, HistoryEventKind.Completed, "Echo", "1"), Event(2, 1, HistoryEventKind.Completed, "Echo", "2"));

        AssertFailed(run, "but this run had ended before it");
    }

    [Fact]
    public void The_clock_is_the_events_and_timers_follow_it()
    {
        var run = Replay("Sleep", "2");

        Assert.Equal(Start.AddSeconds(2), Assert.IsType<PendingTask.Timer>(run.Pending[0]).FireAt);
        run.Apply(new(1, 0, HistoryEventKind.Fired, "timer", null, Start.AddSeconds(9)), replaying: false);
        Assert.Equal($"\"True Utc {Start:O}\"", run.Outcome!.Output);
    }

    private static HistoryEvent Event(int seq, int task, HistoryEventKind kind, string name, string? payload) =>
        new(seq, task, kind, name, payload, Start.AddSeconds(seq));

    private static void AssertFailed(OrchestrationExecution run, string message)
    {
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, run.Outcome!.Failure!.ErrorType);
        Assert.Contains(message, run.Outcome.Failure.ErrorMessage, StringComparison.Ordinal);
    }

    private static OrchestrationExecution Replay(string name, string input, params HistoryEvent[] history)
    {
        FunctionCatalog catalog = new([typeof(BasicFunctions)]);
        InstanceRow row = new("id", Guid.Empty, name, input, null, Start, history.Length);
        OrchestrationExecution run = new(
            row, catalog.Find(FunctionTrigger.Orchestration, name)!, new ServiceCollection().BuildServiceProvider(),
            NullLoggerFactory.Instance, () => { });
        run.Start(replaying: true);
        foreach (var happened in history)
        {
            run.Apply(happened, replaying: true);
        }

        return run;
    }
}
