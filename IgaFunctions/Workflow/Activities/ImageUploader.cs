using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>Stores the staged picture of a task that has its key.</summary>
public sealed class ImageUploader(
    KeyObjects objects, IImageStaging staging, HeldPictures held, IgaMetrics metrics, TimeProvider time, ILogger<ImageUploader> logger)
{
    /// <returns><see cref="Progress.Stored"/>, <see cref="Progress.Staged"/> with a fault, or <see cref="Progress.StagedGone"/>.</returns>
    public async Task<Progress> UploadAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var stored = await objects.PutAsync(task, image, token => OpenAsync(task, image, token), cancellationToken);
            metrics.StageEnded(Stage.Upload, time.GetElapsedTime(began), image.Origin?.ModelId ?? task.Request.ModelId);
            if (stored.Adopted)
            {
                logger.LogInformation("The key's object was there already and is adopted");
            }

            return new Progress.Stored(
                stored.Url, image, stored.ModelId, Math.Round(time.GetElapsedTime(began).TotalSeconds, 3), stored.Generation);
        }
        catch (StagedImageGoneException)
        {
            return await RecoverAsync(task, image, cancellationToken);
        }
        catch (FailureException exception)
        {
            logger.LogWarning("The image was not stored: {kind}: {error}", exception.Kind, exception.Message);
            return Waits(image, exception);
        }
        finally
        {
            held.LetGo(task.TaskId);
        }
    }

    /// <summary>Without its staged picture a task looks for what an earlier run of it may have stored before it pays again.</summary>
    private async Task<Progress> RecoverAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken)
    {
        try
        {
            if (await objects.AdoptAsync(task, cancellationToken) is { } stored)
            {
                return new Progress.Stored(stored.Url, image, stored.ModelId, Generation: stored.Generation);
            }
        }
        catch (FailureException exception)
        {
            return Waits(image, exception);
        }

        logger.LogError("The staged picture is gone or damaged; it has to be made again");
        await staging.DropAsync(task.TaskId, cancellationToken);
        return new Progress.StagedGone(image);
    }

    private static Progress.Staged Waits(StagedImage image, FailureException exception) =>
        new(image, exception.Fault with { HasPaidPicture = true });

    private async Task<Stream> OpenAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken)
    {
        var content = held.Open(task.TaskId) ?? await staging.OpenAsync(task.TaskId, cancellationToken);
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
