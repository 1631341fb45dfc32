using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow.Activities;

namespace Iga.Workflow;

/// <summary>
/// The orchestration of a task: make the picture, upload it, complete, all in one step where no fault comes in between; on
/// failure, fail. It completes in every case that was foreseen, and its output says how the task ended.
/// </summary>
public static class ImageWorkflow
{
    public const string Name = "generate_image_workflow";

    /// <summary>The custom status while a task waits to try again after a transient fault.</summary>
    public const string RetryStatus = "RETRY";

    private static readonly Fault LostTwice = new(
        FailureKind.TaskFailed, "The picture was lost twice before it was stored; send the request again.");

    [Function(Name)]
    public static async Task<TaskOutcome> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var task = context.GetInput<ImageTask>()
            ?? throw new InvalidOperationException("The orchestration has no input.");
        var steps = new WorkflowSteps(context, task);
        var outcome = await MakeAsync(steps, task);
        if (task.Request.CallbackUrl is not null)
        {
            await StartWebhookAsync(context, task);
        }

        return outcome;
    }

    /// <summary>Has the webhook delivered by an orchestration of its own: the task has ended, whatever becomes of that.</summary>
    private static async Task StartWebhookAsync(TaskOrchestrationContext context, ImageTask task)
    {
        try
        {
            await context.CallActivityAsync(StartWebhook.Name, new StartWebhook.Input(task));
        }
        catch (TaskFailedException exception)
        {
            context.CreateReplaySafeLogger(typeof(ImageWorkflow).FullName!).LogWarning(
                "The webhook could not be started; the sweeper will: {error}", exception.FailureDetails.ErrorMessage);
        }
    }

    private static async Task<TaskOutcome> MakeAsync(WorkflowSteps steps, ImageTask task)
    {
        // The picture whose upload was tried last; whoever ends the task must reckon with its object.
        StagedImage? uploaded = null;

        // Twice at most: the second time only if the staged picture was lost with its disk.
        for (var round = 1; round <= 2; round++)
        {
            var progress = await steps.MakeImageAsync(uploaded);
            if (progress is Progress.Staged staged)
            {
                progress = await steps.UploadImageAsync(staged);
            }

            switch (progress)
            {
                case Progress.Completed completed:
                    return Success(ImageResult.Of(task, completed.Url, completed.ModelId));
                case Progress.Stored stored:
                    return await steps.CompleteAsync(stored, stored.Image ?? uploaded)
                        ? Success(ImageResult.Of(task, stored.Url, stored.ModelId))
                        : Conflict(task);
                case Progress.NotMade failed:
                    return await FailAsync(steps, task, failed.Fault, uploaded);
                case Progress.Staged { Fault: { } fault } failed:
                    return await FailAsync(steps, task, fault, failed.Image);
                case Progress.NotOwned:
                    return await steps.ConfirmOrGiveUpAsync(uploaded) is Ownership.Completed earlier
                        ? Success(earlier.Result)
                        : Conflict(task);
                case Progress.GivenUp:
                    return Conflict(task);
                case Progress.StagedGone gone:
                    uploaded = gone.Image;
                    break;
                default:
                    throw new InvalidOperationException($"An activity of the task answered {progress}.");
            }
        }

        return await FailAsync(steps, task, LostTwice, uploaded);
    }

    private static async Task<TaskOutcome> FailAsync(WorkflowSteps steps, ImageTask task, Fault fault, StagedImage? uploaded)
    {
        var error = new TaskError(fault.Kind, fault.Message);
        return await steps.FailAsync(error, uploaded) ? new TaskOutcome(Error: error) : Conflict(task);
    }

    /// <summary>Without the prompt: the row of the task has it, and can erase it.</summary>
    private static TaskOutcome Success(ImageResult image) => new(Image: image with { PromptUsed = null });

    private static TaskOutcome Conflict(ImageTask task) => new(Conflict: ConflictResult.For(task.IdempotencyKey));
}
