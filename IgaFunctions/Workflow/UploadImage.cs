using Iga.Faults;
using Iga.Idempotency;
using Iga.Imaging.Staging;
using Iga.Storage;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow;

/// <summary>Activity: stores the staged picture as the key's one object.</summary>
public sealed class UploadImage(
    KeyOwnership ownership, IImageStaging staging, IImageStore store, StorageOptions options, ILogger<UploadImage> logger)
{
    public const string Name = "upload_image";

    [Function(Name)]
    public async Task<UploadImageResult> RunAsync(
        [ActivityTrigger] UploadImageInput input, CancellationToken cancellationToken)
    {
        var task = input.Task;
        using var scope = logger.BeginTaskScope(task);
        switch (await ownership.ConfirmAsync(task, cancellationToken))
        {
            case Ownership.Completed completed:
                return new UploadImageResult(completed.Result.ImageUrl);
            case Ownership.Lost:
                return new UploadImageResult(IsLost: true);
        }

        try
        {
            var stored = await store.PutAsync(
                Describe(task, input.Image, options), token => OpenAsync(task, input.Image, token), cancellationToken);
            if (stored.Adopted)
            {
                logger.LogInformation("The key's object was there already and is adopted");
            }

            return new UploadImageResult(stored.Url);
        }
        catch (StagedImageGoneException)
        {
            logger.LogError("The staged picture is gone or damaged; it has to be made again");
            await staging.DropAsync(task.TaskId, cancellationToken);
            return new UploadImageResult(IsGone: true);
        }
        catch (FailureException exception)
        {
            logger.LogWarning("The image was not stored: {kind}: {error}", exception.Kind, exception.Message);
            return new UploadImageResult(Fault: StepFault.Of(exception));
        }
    }

    /// <summary>The object that a task's picture becomes.</summary>
    public static ImageObject Describe(ImageTask task, StagedImage image, StorageOptions options) => new(
        ImageObjectName.For(options.Prefix, task.IdempotencyKey, task.Fingerprint, image.Extension),
        image.ContentType, image.Size, image.Crc32C, task.TaskId);

    private async Task<Stream> OpenAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken)
    {
        var content = await staging.OpenAsync(task.TaskId, cancellationToken);
        if (content is not null && content.Length == image.Size)
        {
            return content;
        }

        if (content is not null)
        {
            await content.DisposeAsync();
        }

        throw new StagedImageGoneException();
    }

    private sealed class StagedImageGoneException : Exception;
}
