using Iga.LocalHost.Durable.Engine;
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
            Sum, "[1,2]",
            Event(1, 0, HistoryEventKind.Completed, "Echo", "1"), Event(2, 1, HistoryEventKind.Completed, "Echo", "2"));

        Assert.Equal("3", run.Outcome!.Output);
    }

    [Fact]
    public void Another_activity_than_recorded_is_named()
    {
        var run = Replay(Sum, "[1,2]", Event(1, 0, HistoryEventKind.Completed, "Other", "1"));

        AssertFailed(run, "event 1 is the end of task #0 'Other' (Completed), but this run's task #0 is activity #0 'Echo'");
    }

    [Fact]
    public void A_timer_in_place_of_an_activity_is_named()
    {
        var run = Replay(Sum, "[1,2]", Event(1, 0, HistoryEventKind.Fired, "timer", null));

        AssertFailed(run, "task #0 'timer' (Fired), but this run's task #0 is activity #0 'Echo' (input ");
    }

    [Fact]
    public void A_recorded_task_that_is_not_asked_for_is_named()
    {
        var run = Replay(Sum, "[1,2]", Event(1, 5, HistoryEventKind.Completed, "Echo", "1"));

        AssertFailed(run, "but this run never asked for task #5: it waits for activity #0 'Echo' (input ");
    }

    [Fact]
    public void More_history_than_code_is_told()
    {
        var run = Replay(
            Sum, "[1]",
            Event(1, 0, HistoryEventKind.Completed, "Echo", "1"), Event(2, 1, HistoryEventKind.Completed, "Echo", "2"));

        AssertFailed(run, "but this run had ended before it");
    }

    [Fact]
    public void The_clock_is_the_events_and_timers_follow_it()
    {
        var run = Replay(Sleep, "2");

        Assert.Equal(Start.AddSeconds(2), Assert.IsType<PendingTask.Timer>(run.Pending[0]).FireAt);
        run.Apply(new(1, 0, HistoryEventKind.Fired, "timer", null, Start.AddSeconds(9)), replaying: false);
        Assert.Equal($"\"True Utc {Start:O}\"", run.Outcome!.Output);
    }

    [Fact]
    public void New_guids_are_those_that_any_implementation_of_RFC_4122_makes_of_id_clock_and_count()
    {
        var run = Replay(context => Task.FromResult<object?>($"{context.NewGuid()} {context.NewGuid()}"), "null");

        Assert.Equal(
            "\"ba8973e4-e38a-5760-8bbb-7b0debc22bc6 00ff8b82-9fcb-5bd0-b6a6-76963f1da64d\"", run.Outcome!.Output);
    }

    [Fact]
    public void An_option_of_an_activity_that_is_not_kept_is_refused_and_named()
    {
        AssertRefused("TaskOptions.Retry", TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1))));
        AssertRefused("TaskOptions.Tags", new TaskOptions(tags: new Dictionary<string, string> { ["k"] = "v" }));
        AssertRefused("TaskOptions.Version", new TaskOptions { Version = new TaskVersion("1") });

        static void AssertRefused(string option, TaskOptions options)
        {
            var run = Replay(async context => await context.CallActivityAsync<int>("Echo", 1, options), "null");
            Assert.Equal("System.NotSupportedException", run.Outcome!.Failure!.ErrorType);
            Assert.Contains(option, run.Outcome.Failure.ErrorMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_custom_status_that_cannot_be_written_fails_the_orchestration()
    {
        var run = Replay(
            async context =>
            {
                context.SetCustomStatus(new { Unwritable = (Action)(() => { }) });
                return await context.CallActivityAsync<int>("Echo", 1);
            },
            "null");

        Assert.Equal("System.NotSupportedException", run.Outcome!.Failure!.ErrorType);
    }

    private static async Task<object?> Sum(TaskOrchestrationContext context) => await BasicFunctions.SumAsync(context);

    private static async Task<object?> Sleep(TaskOrchestrationContext context) => await BasicFunctions.SleepAsync(context);

    private static HistoryEvent Event(int seq, int task, HistoryEventKind kind, string name, string? payload) =>
        new(seq, task, kind, name, payload, Start.AddSeconds(seq));

    private static void AssertFailed(OrchestrationExecution run, string message)
    {
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, run.Outcome!.Failure!.ErrorType);
        Assert.Contains(message, run.Outcome.Failure.ErrorMessage, StringComparison.Ordinal);
    }

    private static OrchestrationExecution Replay(
        Func<TaskOrchestrationContext, Task<object?>> code, string input, params HistoryEvent[] history)
    {
        InstanceRow row = new("id", Guid.Empty, "Replayed", input, null, Start, history.Length);
        OrchestrationExecution run = new(row, code, NullLoggerFactory.Instance, () => { });
        run.Start(replaying: true);
        foreach (var happened in history)
        {
            run.Apply(happened, replaying: true);
        }

        return run;
    }
}
