using Iga.Faults;
using Iga.Imaging;
using Iga.Imaging.Staging;
using Iga.Tasks;
using Iga.Workflow;
using GenerateImageActivity = Iga.Workflow.GenerateImage;

namespace Iga.Tests.Workflow;

/// <summary>The order of the steps and what each of their answers leads to.</summary>
public sealed class ImageWorkflowTests
{
    private static readonly ImageTask Task = new(
        Guid.CreateVersion7(), "key", null, new string('f', 64), new ImageRequest("p", "1:1", true, "gemini-3.1-flash-image"), 20);

    private static readonly StagedImage Staged = new(3, "image/png", "png", "AAAAAA==");

    private static readonly StepFault Unavailable = new(FailureKind.ModelUnavailable, "down", IsTransient: true);

    private readonly Dictionary<string, Queue<object?>> _answers = [];
    private readonly List<object?> _inputs = [];

    [Fact]
    public async Task A_task_makes_uploads_and_completes()
    {
        (var outcome, var context) = await RunAsync();

        Assert.Equal(new ImageResult("gs://b/o.png", "p", "vertex-ai-gemini-3.1-flash-image"), outcome.Image);
        Assert.Equal(["generate_image_activity", "upload_image", "complete_task"], context.Log);
    }

    [Fact]
    public async Task A_key_in_other_hands_ends_in_the_conflict()
    {
        Answer(GenerateImageActivity.Name, new GenerateImageResult(IsNotOwned: true));
        Answer(ConfirmOwnership.Name, new OwnershipResult(false));

        (var outcome, var context) = await RunAsync();

        Assert.Equal(ConflictResult.For("key"), outcome.Conflict);
        Assert.Equal(["generate_image_activity", "confirm_ownership"], context.Log);
    }

    [Fact]
    public async Task A_key_that_is_completed_already_ends_in_its_result()
    {
        var earlier = new ImageResult("gs://b/earlier.png", "p", "vertex-ai-x");
        Answer(GenerateImageActivity.Name, new GenerateImageResult(IsNotOwned: true));
        Answer(ConfirmOwnership.Name, new OwnershipResult(false, earlier));

        Assert.Equal(earlier, (await RunAsync()).Outcome.Image);
    }

    [Fact]
    public async Task A_transient_fault_is_waited_out_with_the_status_RETRY_and_the_key_confirmed_again()
    {
        Answer(GenerateImageActivity.Name, new GenerateImageResult(Fault: Unavailable), new GenerateImageResult(Staged));

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.Equal(
            ["generate_image_activity", "status RETRY", $"wait {context.Waited.TotalSeconds}", "status -", "confirm_ownership",
                "generate_image_activity", "upload_image", "complete_task"],
            context.Log);
        Assert.Contains(_inputs, input => input is ConfirmOwnershipInput { RetryOf: FailureKind.ModelUnavailable });
    }

    [Fact]
    public async Task A_permanent_fault_fails_the_task_at_once_with_its_kind()
    {
        Answer(GenerateImageActivity.Name, new GenerateImageResult(Fault: new StepFault(FailureKind.PromptBlocked, "no", false)));

        (var outcome, var context) = await RunAsync();

        Assert.Equal(new TaskError("prompt_blocked", "no"), outcome.Error);
        Assert.Equal(["generate_image_activity", "fail_task"], context.Log);
    }

    [Fact]
    public async Task A_fault_that_lasts_ends_in_its_kind_before_the_caller_stops_polling()
    {
        AnswerAlways(GenerateImageActivity.Name, new GenerateImageResult(Fault: Unavailable));

        (var outcome, var context) = await RunAsync();

        Assert.Equal("model_unavailable", outcome.Error!.Type);
        Assert.InRange(context.Waited, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(200));
    }

    [Fact]
    public async Task A_task_that_waits_for_its_turn_shows_no_RETRY_and_is_not_given_up()
    {
        Answer(
            GenerateImageActivity.Name,
            [.. Enumerable.Repeat<object?>(new GenerateImageResult(Fault: Unavailable with { IsLocalWait = true }), 100),
                new GenerateImageResult(Staged)]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.DoesNotContain("status RETRY", context.Log);
    }

    [Fact]
    public async Task A_long_wait_is_cut_into_heartbeats_that_keep_the_lock_fresh()
    {
        Answer(
            GenerateImageActivity.Name,
            new GenerateImageResult(Fault: Unavailable with { RetryAfterSeconds = 90 }), new GenerateImageResult(Staged));

        (_, var context) = await RunAsync();

        Assert.Equal(["wait 20", "wait 20", "wait 20", "wait 20", "wait 10"], context.Log.Where(step => step.StartsWith("wait", StringComparison.Ordinal)));
        Assert.Equal(5, context.Log.Count(step => step == ConfirmOwnership.Name));
    }

    [Fact]
    public async Task A_key_lost_during_a_wait_ends_the_task_without_another_call()
    {
        Answer(ConfirmOwnership.Name, new OwnershipResult(false));
        Answer(GenerateImageActivity.Name, new GenerateImageResult(Fault: Unavailable));

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Conflict);
        Assert.Equal("confirm_ownership", context.Log[^1]);
    }

    [Fact]
    public async Task A_staged_picture_that_is_gone_is_made_again_once()
    {
        Answer(UploadImage.Name, new UploadImageResult(IsGone: true), new UploadImageResult("gs://b/o.png"));
        (var outcome, var context) = await RunAsync();
        Assert.NotNull(outcome.Image);
        Assert.Equal(2, context.Log.Count(step => step == GenerateImageActivity.Name));

        AnswerAlways(UploadImage.Name, new UploadImageResult(IsGone: true));
        (outcome, context) = await RunAsync();
        Assert.Equal("task_failed", outcome.Error!.Type);
        Assert.Equal(2, context.Log.Count(step => step == GenerateImageActivity.Name));
    }

    [Fact]
    public async Task A_failed_upload_tells_the_last_step_which_object_may_be_left()
    {
        Answer(UploadImage.Name, new UploadImageResult(Fault: new StepFault(FailureKind.StorageDenied, "no", false)));

        (var outcome, _) = await RunAsync();

        Assert.Equal("storage_denied", outcome.Error!.Type);
        Assert.Equal(Staged, _inputs.OfType<FailTaskInput>().Last().Uploaded);
    }

    [Theory]
    [InlineData(UploadImage.Name)]
    [InlineData(CompleteTask.Name)]
    [InlineData(FailTask.Name)]
    public async Task A_key_lost_at_a_later_step_ends_in_the_conflict(string step)
    {
        Answer(UploadImage.Name, step switch
        {
            UploadImage.Name => new UploadImageResult(IsLost: true),
            FailTask.Name => new UploadImageResult(Fault: new StepFault(FailureKind.StorageDenied, "no", false)),
            _ => new UploadImageResult("gs://b/o.png"),
        });
        AnswerAlways(CompleteTask.Name, false);
        AnswerAlways(FailTask.Name, false);

        Assert.NotNull((await RunAsync()).Outcome.Conflict);
    }

    [Fact]
    public async Task A_database_that_is_away_when_the_task_begins_does_not_lose_it()
    {
        Answer(GenerateImageActivity.Name, Thrown("PostgreSQL is away"), new GenerateImageResult(Staged));
        Answer(ConfirmOwnership.Name, [.. Enumerable.Repeat<object?>(Thrown("PostgreSQL is away"), 200), new OwnershipResult(true)]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.InRange(context.Waited, TimeSpan.FromMinutes(90), TimeSpan.FromHours(3));
    }

    [Fact]
    public async Task A_database_that_is_away_for_hours_does_not_lose_the_task()
    {
        Answer(CompleteTask.Name, [.. Enumerable.Repeat<object?>(Thrown("PostgreSQL is away"), 200), true]);

        (var outcome, var context) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.InRange(context.Waited, TimeSpan.FromMinutes(90), TimeSpan.FromHours(3));
        Assert.Single(context.Log, step => step == GenerateImageActivity.Name);
    }

    [Fact]
    public async Task A_step_that_keeps_throwing_fails_the_task_without_showing_its_exception()
    {
        AnswerAlways(GenerateImageActivity.Name, Thrown("secret detail"));

        var error = (await RunAsync()).Outcome.Error!;

        Assert.Equal("task_failed", error.Type);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private async Task<(TaskOutcome Outcome, ScriptedContext Context)> RunAsync()
    {
        var context = new ScriptedContext(Task, (name, input) =>
        {
            _inputs.Add(input);
            return _answers.GetValueOrDefault(name) is { Count: > 0 } answers
                ? answers.Count > 1 ? answers.Dequeue() : answers.Peek()
                : Default(name);
        });
        return (await ImageWorkflow.RunAsync(context), context);
    }

    private static object Default(string name) => name switch
    {
        ConfirmOwnership.Name => new OwnershipResult(true),
        GenerateImageActivity.Name => new GenerateImageResult(Staged),
        UploadImage.Name => new UploadImageResult("gs://b/o.png"),
        _ => true,
    };

    /// <summary>The last answer stays.</summary>
    private void Answer(string name, params object?[] answers) => _answers[name] = new Queue<object?>(answers);

    private void AnswerAlways(string name, object? answer) => Answer(name, answer);

    private static TaskFailedException Thrown(string message) =>
        new("step", 0, new TaskFailureDetails("System.Exception", message, null, null));
}
