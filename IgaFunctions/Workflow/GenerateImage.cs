using Iga.Faults;
using Iga.Idempotency;
using Iga.Imaging;
using Iga.Imaging.Staging;
using Iga.Storage;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow;

/// <summary>
/// Activity: looks whether the key is still the task's, calls the model once and stages the picture. A picture that is staged
/// or stored already is not paid for again.
/// </summary>
public sealed class GenerateImage(
    IdempotencyStore store, IImageModel model, IImageStaging staging, IImageStore images, StorageOptions storage,
    LockHeartbeat heartbeat, ILogger<GenerateImage> logger)
{
    public const string Name = "generate_image_activity";

    private const int StagingTries = 5;

    [Function(Name)]
    public async Task<GenerateImageResult> RunAsync([ActivityTrigger] ImageTask task, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginTaskScope(task);
        if (await store.ConfirmAsync(task, cancellationToken) is not Ownership.Owned)
        {
            return new GenerateImageResult(IsNotOwned: true);
        }

        if (await staging.FindAsync(task.TaskId, cancellationToken) is { } staged)
        {
            logger.LogInformation("The picture is staged already; the model is not called again");
            return new GenerateImageResult(staged);
        }

        try
        {
            await using var beat = heartbeat.Start(task);
            if (await FindObjectAsync(task, cancellationToken) is { } url)
            {
                logger.LogInformation("The key's object is stored already and is adopted; the model is not called");
                return new GenerateImageResult(StoredUrl: url);
            }

            using var image = await model.GenerateAsync(task.Request, cancellationToken);
            return new GenerateImageResult(await StageAsync(task, image, cancellationToken));
        }
        catch (FailureException exception)
        {
            logger.LogWarning("The model made no image: {kind}: {error}", exception.Kind, exception.Message);
            return new GenerateImageResult(Fault: StepFault.Of(exception));
        }
    }

    private async Task<string?> FindObjectAsync(ImageTask task, CancellationToken cancellationToken) => task.MayHaveObject
        ? await images.AdoptAsync(UploadImage.NamesOf(task, storage), task.TaskId, cancellationToken)
        : null;

    /// <summary>The picture is paid for: it is held until it is staged, and the task fails rather than pay twice.</summary>
    private async Task<StagedImage> StageAsync(ImageTask task, GeneratedImage image, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await staging.StageAsync(task.TaskId, image.Bytes, image.Format, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "The picture could not be staged, attempt {attempt}", attempt);
                if (attempt == StagingTries)
                {
                    throw new FailureException(
                        FailureKind.TaskFailed,
                        "The picture was made but could not be kept; the service's staging is out of order.",
                        innerException: exception);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(200, 400) << attempt), cancellationToken);
            }
        }
    }
}
