using Iga.Faults;
using Iga.Tasks;
using Iga.Tests.Workflow;
using Iga.Workflow;
using Iga.Workflow.Activities;
using GenerateImageActivity = Iga.Workflow.Activities.GenerateImage;

namespace Iga.Tests.Faults;

/// <summary>Faults that last for ever, on a clock that jumps from timer to timer.</summary>
public sealed class LastingFaultTests
{
    /// <summary>How long the caller polls.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(240);

    private static readonly ImageTask Task = new(
        Guid.CreateVersion7(), "key", null, new string('f', 64), new ImageRequest("p", "1:1", true, "gemini-3.1-flash-image"), 1200);

    private readonly List<FailTaskInput> _failures = [];

    [Theory]
    [InlineData(FailureKind.ModelUnavailable, null)]
    [InlineData(FailureKind.ModelUnavailable, 15.0)]
    [InlineData(FailureKind.QuotaExhausted, null)]
    [InlineData(FailureKind.QuotaExhausted, 40.0)]
    [InlineData(FailureKind.StorageUnavailable, null)]
    [InlineData(FailureKind.StorageUnavailable, 29.5)]
    public async Task A_fault_that_lasts_ends_in_its_kind_while_the_caller_still_polls(string kind, double? retryAfter)
    {
        var fault = new StepFault(kind, "down", IsTransient: true, RetryAfterSeconds: retryAfter);
        var isOfTheStore = kind == FailureKind.StorageUnavailable;

        var (outcome, context) = await RunAsync(name => name switch
        {
            GenerateImageActivity.Name when !isOfTheStore => new GenerateImageResult(Fault: fault),
            UploadImage.Name => new UploadImageResult(Fault: fault),
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
        var fault = new StepFault(FailureKind.StorageUnavailable, "down", IsTransient: true);

        var (outcome, context) = await RunAsync(name => name switch
        {
            UploadImage.Name => new UploadImageResult(Fault: fault),
            FailTask.Name when !_failures[^1].MayLeaveObject => new TaskFailedException(
                "step", 0, new TaskFailureDetails("Iga.Faults.FailureException", "down", null, null, null)),
            _ => null,
        });

        Assert.Equal(FailureKind.StorageUnavailable, outcome.Error!.Type);
        Assert.InRange(_failures.Count, 4, 8);
        Assert.InRange(context.Waited, RetryRules.CleanUpBudget, Timeout - TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_object_that_is_found_ends_the_task_without_an_upload()
    {
        var (outcome, context) = await RunAsync(name =>
            name == GenerateImageActivity.Name ? new GenerateImageResult(StoredUrl: "gs://b/found.jpg") : null);

        Assert.Equal("gs://b/found.jpg", outcome.Image!.ImageUrl);
        Assert.Equal([MakeImage.Name, CompleteTask.Name], context.Log);
    }

    /// <param name="script">What an activity answers; null is that all went well.</param>
    private async Task<(TaskOutcome Outcome, ScriptedContext Context)> RunAsync(Func<string, object?> script)
    {
        var context = new ScriptedContext(Task, (name, input) =>
        {
            if (input is FailTaskInput failure)
            {
                _failures.Add(failure);
            }

            return name == MakeImage.Name ? ScriptedWorkflow.AllAtOnce(AnswerOf) : AnswerOf(name);
        });
        return (await ImageWorkflow.RunAsync(context), context);

        object? AnswerOf(string name) => script(name) ?? ScriptedWorkflow.Success(name);
    }
}
