using Iga.Faults;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>What is tried again, how long, and what a caller sees meanwhile.</summary>
public sealed class WorkflowRetryTests : ScriptedWorkflow
{
    private static readonly Fault Unavailable = new(FailureKind.ModelUnavailable, "down", IsTransient: true);

    [Fact]
    public async Task A_transient_fault_is_waited_out_with_the_status_RETRY_and_the_key_confirmed_again()
    {
        Answer(MakeImage.Name, new Progress.NotMade(Unavailable), new Progress.Completed(Url));

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.Equal(
            ["make_image", "status RETRY", $"wait {context.Waited.TotalSeconds}", "status -", "confirm_or_give_up", "make_image"],
            context.Log);
        Assert.Contains(Inputs, input => input is ConfirmOrGiveUp.Input { RetryOf: FailureKind.ModelUnavailable });

        // How long a task was queued is measured when it begins, and not again.
        Assert.Equal([false, true], Inputs.OfType<MakeImage.Input>().Select(input => input.IsRepeat));
    }

    [Fact]
    public async Task A_fault_that_lasts_ends_in_its_kind_before_the_caller_stops_polling()
    {
        AnswerAlways(MakeImage.Name, new Progress.NotMade(Unavailable));

        (var outcome, var context) = await RunAsync();

        Assert.Equal("model_unavailable", outcome.Error!.Type);
        Assert.InRange(context.Waited, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(200));
    }

    [Fact]
    public async Task A_task_that_waits_for_its_turn_shows_no_RETRY_and_is_not_given_up()
    {
        Answer(
            MakeImage.Name,
            [.. Enumerable.Repeat<object?>(new Progress.NotMade(Unavailable with { IsLocalWait = true }), 100),
                new Progress.Completed(Url)]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.DoesNotContain("status RETRY", context.Log);
    }

    [Fact]
    public async Task A_task_without_room_for_its_picture_waits_for_hours_and_has_the_whole_time_for_the_model_then()
    {
        var full = new Fault(FailureKind.StorageUnavailable, "full", IsTransient: true, WaitsForStaging: true);
        Answer(
            MakeImage.Name,
            [.. Enumerable.Repeat<object?>(new Progress.NotMade(full), 60),
                .. Enumerable.Repeat<object?>(new Progress.NotMade(Unavailable), 3), new Progress.Completed(Url)]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.InRange(context.Waited, TimeSpan.FromHours(1), RetryRules.StoreBudget);
        Assert.Contains("status RETRY", context.Log);

        AnswerAlways(MakeImage.Name, new Progress.NotMade(full));
        (outcome, context) = await RunAsync();

        Assert.Equal(FailureKind.StorageUnavailable, outcome.Error!.Type);
        Assert.InRange(context.Waited, TimeSpan.FromHours(22), RetryRules.StoreBudget);
        Assert.InRange(context.Log.Count(step => step == MakeImage.Name), 23, 400);
    }

    [Fact]
    public async Task A_long_wait_is_cut_into_heartbeats_that_keep_the_lock_fresh()
    {
        Answer(
            MakeImage.Name,
            new Progress.NotMade(Unavailable with { RetryAfter = TimeSpan.FromSeconds(90) }), new Progress.Completed(Url));

        (_, var context) = await RunAsync();

        Assert.Equal(["wait 20", "wait 20", "wait 20", "wait 20", "wait 10"], context.Log.Where(step => step.StartsWith("wait", StringComparison.Ordinal)));
        Assert.Equal(5, context.Log.Count(step => step == ConfirmOrGiveUp.Name));
    }

    [Fact]
    public async Task A_key_lost_during_a_wait_ends_the_task_without_another_call()
    {
        Answer(ConfirmOrGiveUp.Name, new Ownership.Lost());
        Answer(MakeImage.Name, new Progress.NotMade(Unavailable));

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Conflict);
        Assert.Equal("confirm_or_give_up", context.Log[^1]);
    }

    [Fact]
    public async Task A_task_that_finds_itself_completed_after_a_wait_ends_with_its_picture_and_not_as_a_conflict()
    {
        // As after a stop of the host in the midst of the last write: the step failed, and what it wrote is there.
        Answer(MakeImage.Name, Thrown("A task was canceled."));
        Answer(ConfirmOrGiveUp.Name, new Ownership.Completed(new ImageResult(Url, "p", "vertex-ai-gemini-3.1-flash-image")));

        (var outcome, var context) = await RunAsync();

        Assert.Equal(Url, outcome.Image?.ImageUrl);
        Assert.Single(context.Log, step => step == MakeImage.Name);
    }

    [Fact]
    public async Task A_database_that_is_away_when_the_task_begins_does_not_lose_it()
    {
        Answer(MakeImage.Name, Thrown("PostgreSQL is away"), new Progress.Completed(Url));
        Answer(ConfirmOrGiveUp.Name, [.. Enumerable.Repeat<object?>(Thrown("PostgreSQL is away"), 200), new Ownership.Owned()]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.InRange(context.Waited, TimeSpan.FromMinutes(90), TimeSpan.FromHours(3));
    }

    [Fact]
    public async Task The_time_for_which_the_database_was_away_is_not_counted_against_the_model()
    {
        Answer(
            MakeImage.Name,
            Thrown("PostgreSQL is away"), new Progress.NotMade(Unavailable), new Progress.Completed(Url));
        Answer(ConfirmOrGiveUp.Name, [.. Enumerable.Repeat<object?>(Thrown("PostgreSQL is away"), 20), new Ownership.Owned()]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.True(context.Waited > RetryRules.Budget);
    }

    [Fact]
    public async Task A_database_that_is_away_for_hours_does_not_lose_the_task()
    {
        Answer(MakeImage.Name, new Progress.Stored(Url, Image));
        Answer(CompleteTask.Name, [.. Enumerable.Repeat<object?>(Thrown("PostgreSQL is away"), 200), true]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.InRange(context.Waited, TimeSpan.FromMinutes(90), TimeSpan.FromHours(3));
        Assert.Single(context.Log, step => step == MakeImage.Name);
    }

    [Fact]
    public async Task A_step_that_keeps_throwing_fails_the_task_without_showing_its_exception()
    {
        AnswerAlways(MakeImage.Name, Thrown("secret detail"));

        var error = (await RunAsync()).Outcome.Error!;

        Assert.Equal("task_failed", error.Type);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static TaskFailedException Thrown(string message) =>
        new("step", 0, new TaskFailureDetails("System.Exception", message, null, null, null));
}
