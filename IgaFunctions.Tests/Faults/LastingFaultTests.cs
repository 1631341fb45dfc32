using Iga.Faults;
using Iga.Tasks;
using Iga.Tests.Workflow;
using Iga.Workflow;
using Iga.Workflow.Activities;

namespace Iga.Tests.Faults;

/// <summary>Faults that last for ever, on a clock that jumps from timer to timer.</summary>
public sealed class LastingFaultTests
{
    private static readonly ImageTask Task = new(
        Guid.CreateVersion7(), "key", null, new string('f', 64), new ImageRequest("p", "1:1", true, "gemini-3.1-flash-image"), 1200);

    private static readonly TaskFailedException Thrown = new(
        "step", 0, new TaskFailureDetails("Iga.Faults.FailureException", "down", null, null, null));

    private readonly List<FailTask.Input> _failures = [];

    [Theory]
    [InlineData(FailureKind.ModelUnavailable, null)]
    [InlineData(FailureKind.ModelUnavailable, 15.0)]
    [InlineData(FailureKind.QuotaExhausted, null)]
    [InlineData(FailureKind.QuotaExhausted, 40.0)]
    [InlineData(FailureKind.StorageUnavailable, null)]
    [InlineData(FailureKind.StorageUnavailable, 29.5)]
    public async Task A_fault_that_lasts_ends_in_its_kind_while_the_caller_still_polls(string kind, double? retryAfter)
    {
        var fault = new Fault(
            kind, "down", IsTransient: true, RetryAfter: retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        var isOfTheStore = kind == FailureKind.StorageUnavailable;

        var (outcome, context) = await RunAsync(name => name switch
        {
            MakeImage.Name when !isOfTheStore => new Progress.NotMade(fault),
            MakeImage.Name or UploadImage.Name => new Progress.Staged(ScriptedWorkflow.Image, fault),
            _ => null,
        });

        Assert.Equal(new TaskError(kind, "down"), outcome.Error);
        Assert.InRange(context.Waited, TimeSpan.FromSeconds(60), RetryRules.Budget);
        Assert.Equal(isOfTheStore, _failures[^1].Uploaded is not null);
        Assert.True(!isOfTheStore || context.Log.Count(step => step == MakeImage.Name) == 1, "paid twice");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(600.0)]
    [InlineData(1e9)]
    public async Task A_picture_that_is_paid_for_waits_a_day_for_the_bucket_with_a_history_that_stays_small(double? retryAfter)
    {
        var fault = new Fault(
            FailureKind.StorageUnavailable, "down", IsTransient: true, HasPaidPicture: true,
            RetryAfter: retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        var (outcome, context) = await RunAsync(
            name => name is MakeImage.Name or UploadImage.Name ? new Progress.Staged(ScriptedWorkflow.Image, fault) : null);

        Assert.Equal(new TaskError(FailureKind.StorageUnavailable, "down"), outcome.Error);
        Assert.InRange(context.Waited, TimeSpan.FromHours(22), RetryRules.StoreBudget);
        Assert.InRange(context.Log.Count(step => step == UploadImage.Name), 23, 400);
        Assert.Single(context.Log, step => step == MakeImage.Name);
        Assert.Equal(
            context.Log.Count(step => step.StartsWith("wait", StringComparison.Ordinal)),
            context.Log.Count(step => step == "status RETRY"));
    }

    [Fact]
    public async Task A_step_that_throws_after_hours_does_not_end_the_wait_of_a_paid_picture()
    {
        var fault = new Fault(FailureKind.StorageUnavailable, "down", IsTransient: true, HasPaidPicture: true);
        var uploads = 0;

        var (outcome, context) = await RunAsync(name => name switch
        {
            MakeImage.Name => new Progress.Staged(ScriptedWorkflow.Image, fault),
            UploadImage.Name when ++uploads < 50 => new Progress.Staged(ScriptedWorkflow.Image, fault),
            UploadImage.Name when uploads < 52 => Thrown,
            _ => null,
        });

        Assert.NotNull(outcome.Image);
        Assert.True(context.Waited > TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_model_that_is_away_after_its_picture_was_lost_is_not_waited_for_longer_than_any_other()
    {
        var (outcome, context) = await RunAsync(name => name == MakeImage.Name
            ? new Progress.NotMade(new Fault(FailureKind.ModelUnavailable, "down", IsTransient: true))
            : null);

        Assert.Equal(FailureKind.ModelUnavailable, outcome.Error!.Type);
        Assert.InRange(context.Waited, TimeSpan.FromSeconds(60), RetryRules.Budget);
    }

    [Fact]
    public async Task A_failed_task_does_not_end_before_it_knows_that_it_leaves_no_object()
    {
        var (outcome, context) = await RunAsync(name => name switch
        {
            MakeImage.Name => new Progress.Staged(ScriptedWorkflow.Image, new Fault(FailureKind.StorageDenied, "no")),
            FailTask.Name when !_failures[^1].MayLeaveObject => Thrown,
            _ => null,
        });

        Assert.Equal(FailureKind.StorageDenied, outcome.Error!.Type);
        Assert.InRange(context.Waited, RetryRules.StoreBudget, RetryRules.StoreBudget + TimeSpan.FromMinutes(5));
        Assert.InRange(_failures.Count, 100, 400);
    }

    [Fact]
    public async Task An_object_that_is_found_ends_the_task_without_an_upload()
    {
        var (outcome, context) = await RunAsync(name =>
            name == MakeImage.Name ? new Progress.Stored("gs://b/found.jpg") : null);

        Assert.Equal("gs://b/found.jpg", outcome.Image!.ImageUrl);
        Assert.Equal([MakeImage.Name, CompleteTask.Name], context.Log);
    }

    /// <param name="script">What an activity answers; null is that all went well.</param>
    private async Task<(TaskOutcome Outcome, ScriptedContext Context)> RunAsync(Func<string, object?> script)
    {
        var context = new ScriptedContext(Task, (name, input) =>
        {
            if (input is FailTask.Input failure)
            {
                _failures.Add(failure);
            }

            return script(name) ?? ScriptedWorkflow.Success(name);
        });
        return (await ImageWorkflow.RunAsync(context), context);
    }
}
