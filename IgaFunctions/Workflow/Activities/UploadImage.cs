using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>Activity: stores the staged picture as the key's one object, if the key is still the task's; else gives up.</summary>
public sealed class UploadImage(
    IdempotencyStore store, ImageUploader uploader, TaskEnding ending, RunningTasks running, ILogger<UploadImage> logger)
{
    public const string Name = "upload_image";

    [Function(Name)]
    public async Task<Progress> RunAsync([ActivityTrigger] Input input, CancellationToken cancellationToken)
    {
        using var step = TaskStep.Begin(logger, input.Task, Name);
        return step.Ended(await running.RunAsync(input.Task.TaskId, token => UploadAsync(input.Task, input.Image, token), cancellationToken));
    }

    private async Task<Progress> UploadAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken)
    {
        switch (await store.ConfirmAsync(task, cancellationToken))
        {
            case Ownership.Completed completed:
                return new Progress.Stored(completed.Result.ImageUrl, image, image.Origin?.ModelId);
            case Ownership.Lost:
                await ending.GiveUpAsync(task, image, cancellationToken);
                return new Progress.GivenUp();
            default:
                return await uploader.UploadAsync(task, image, cancellationToken);
        }
    }

    public sealed record Input(ImageTask Task, StagedImage Image);
}
