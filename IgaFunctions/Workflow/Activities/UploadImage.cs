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
        using var scope = logger.BeginTaskScope(input.Task);
        using var run = running.Enter(input.Task.TaskId, cancellationToken);
        try
        {
            return await UploadAsync(input, run.Token);
        }
        catch (Exception) when (run.IsBrokenOff)
        {
            return new Progress.NotOwned(); // The workflow finds out why.
        }
    }

    private async Task<Progress> UploadAsync(Input input, CancellationToken cancellationToken)
    {
        switch (await store.ConfirmAsync(input.Task, cancellationToken))
        {
            case Ownership.Completed completed:
                return new Progress.Stored(completed.Result.ImageUrl, input.Image, input.Image.Origin?.ModelId);
            case Ownership.Lost:
                await ending.GiveUpAsync(input.Task, input.Image, cancellationToken);
                return new Progress.GivenUp();
            default:
                return await uploader.UploadAsync(input.Task, input.Image, cancellationToken);
        }
    }

    public sealed record Input(ImageTask Task, StagedImage Image);
}
