using Iga.Faults;
using Iga.Tasks;

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

    [Function(Name)]
    public static async Task<TaskOutcome> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var task = context.GetInput<ImageTask>()
            ?? throw new InvalidOperationException("The orchestration has no input.");
        try
        {
            return await MakeImageAsync(new WorkflowSteps(context, task), task);
        }
        catch (KeyLostException)
        {
            return new TaskOutcome(Conflict: ConflictResult.For(task.IdempotencyKey));
        }
    }

    private static async Task<TaskOutcome> MakeImageAsync(WorkflowSteps steps, ImageTask task)
    {
        // Twice at most: the second time only if the staged picture was lost with its disk.
        for (var round = 1; round <= 2; round++)
        {
            var made = await steps.GenerateImageAsync();
            if (made.IsNotOwned)
            {
                return new TaskOutcome(Image: await steps.ConfirmOwnershipAsync() ?? throw new KeyLostException());
            }

            if (made.StoredUrl is { } stored)
            {
                return await steps.CompleteAsync(ImageResult.Of(task, stored));
            }

            if (made.Image is not { } image)
            {
                return await steps.FailAsync(made.Fault!);
            }

            var upload = await steps.UploadImageAsync(image);
            if (upload.Fault is { } uploadFault)
            {
                return await steps.FailAsync(uploadFault);
            }

            if (upload.Url is { } url)
            {
                return await steps.CompleteAsync(ImageResult.Of(task, url));
            }
        }

        return await steps.FailAsync(
            new StepFault(FailureKind.TaskFailed, "The picture was lost twice before it was stored; send the request again.",
                IsTransient: false));
    }
}
