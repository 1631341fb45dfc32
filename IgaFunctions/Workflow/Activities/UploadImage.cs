using Iga.Bucket;
using Iga.Faults;
using Iga.Keys;
using Iga.Models;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

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
        switch (await ownership.ConfirmAsync(task, input.Image, cancellationToken))
        {
            case Ownership.Completed completed:
                return new UploadImageResult(completed.Result.ImageUrl);
            case Ownership.Lost:
                return new UploadImageResult(IsLost: true);
        }

        return await StoreAsync(task, input.Image, cancellationToken);
    }

    /// <summary>Stores the picture of a task that has its key.</summary>
    internal async Task<UploadImageResult> StoreAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await store.PutAsync(
                Describe(task, image, options), token => OpenAsync(task, image, token), cancellationToken);
            if (stored.Adopted)
            {
                logger.LogInformation("The key's object was there already and is adopted");
            }

            return new UploadImageResult(stored.Url);
        }
        catch (StagedImageGoneException)
        {
            return await RecoverAsync(task, cancellationToken);
        }
        catch (FailureException exception)
        {
            logger.LogWarning("The image was not stored: {kind}: {error}", exception.Kind, exception.Message);
            return new UploadImageResult(Fault: StepFault.Of(exception));
        }
    }

    /// <summary>Without its staged picture a task looks for what an earlier run of it may have stored before it pays again.</summary>
    private async Task<UploadImageResult> RecoverAsync(ImageTask task, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.AdoptAsync(NamesOf(task, options), task.TaskId, cancellationToken) is { } url)
            {
                return new UploadImageResult(url);
            }
        }
        catch (FailureException exception)
        {
            return new UploadImageResult(Fault: StepFault.Of(exception));
        }

        logger.LogError("The staged picture is gone or damaged; it has to be made again");
        await staging.DropAsync(task.TaskId, cancellationToken);
        return new UploadImageResult(IsGone: true);
    }

    /// <summary>Every name that the key's object can have: a picture's extension is known only when the picture is.</summary>
    public static IReadOnlyList<string> NamesOf(ImageTask task, StorageOptions options) =>
        [.. ImageFormat.All.Select(format => NameOf(task, format.Extension, options))];

    /// <summary>The object that a task's picture becomes.</summary>
    public static ImageObject Describe(ImageTask task, StagedImage image, StorageOptions options) => new(
        NameOf(task, image.Extension, options),
        image.ContentType, image.Size, image.Crc32C, task.TaskId);

    private static string NameOf(ImageTask task, string extension, StorageOptions options) =>
        ImageObjectName.For(options.Prefix, task.IdempotencyKey, task.Fingerprint, extension);

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
