using Iga.Faults;
using Iga.Http;
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

    [Fact]
    public async Task A_bucket_that_stays_away_when_the_task_is_to_be_cleaned_up_does_not_keep_the_caller_waiting()
    {
        var fault = new Fault(FailureKind.StorageUnavailable, "down", IsTransient: true);

        var (outcome, context) = await RunAsync(name => name switch
        {
            MakeImage.Name or UploadImage.Name => new Progress.Staged(ScriptedWorkflow.Image, fault),
            FailTask.Name when !_failures[^1].MayLeaveObject => new TaskFailedException(
                "step", 0, new TaskFailureDetails("Iga.Faults.FailureException", "down", null, null, null)),
            _ => null,
        });

        Assert.Equal(FailureKind.StorageUnavailable, outcome.Error!.Type);
        Assert.InRange(_failures.Count, 4, 8);
        Assert.InRange(context.Waited, RetryRules.CleanUpBudget, PromisedLimits.Polling - TimeSpan.FromSeconds(5));
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
