using Iga.Bucket;
using Iga.Faults;
using Iga.Keys;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>What the activities know of the task's key, and what is left to do when it is lost.</summary>
public sealed class KeyOwnership(
    IdempotencyStore store, TaskRecords records, IImageStaging staging, IImageStore images, StorageOptions storage,
    IgaMetrics metrics, ILogger<KeyOwnership> logger)
{
    /// <param name="uploaded">The picture whose upload was tried, if there was one.</param>
    public async Task<Ownership> ConfirmAsync(
        ImageTask task, StagedImage? uploaded, CancellationToken cancellationToken)
    {
        var ownership = await store.ConfirmAsync(task, cancellationToken);
        if (ownership is Ownership.Lost)
        {
            await GiveUpAsync(task, uploaded, cancellationToken);
        }

        return ownership;
    }

    /// <summary>Leaves a note for later polls, and nothing else.</summary>
    /// <exception cref="FailureException">The image store is out of reach at the moment; to be tried again.</exception>
    public async Task GiveUpAsync(ImageTask task, StagedImage? uploaded, CancellationToken cancellationToken)
    {
        // A run that was cut off by a crash may have uploaded what it had staged.
        if ((uploaded ?? await staging.FindAsync(task.TaskId, cancellationToken)) is { } image)
        {
            await DeleteObjectAsync(UploadImage.Describe(task, image, storage), cancellationToken);
        }

        await staging.DropAsync(task.TaskId, cancellationToken);
        await records.ArchiveConflictAsync(task, cancellationToken);
        metrics.TaskConflicted();
        logger.LogWarning("Another holder has the idempotency key; the task ends without a result of its own");
    }

    /// <summary>
    /// The key's next holder looked for an object before this task's upload arrived, and may have stored one of another
    /// format, and so of another name. Its own, and this one if it has adopted it, are not deleted.
    /// </summary>
    private async Task DeleteObjectAsync(ImageObject image, CancellationToken cancellationToken)
    {
        try
        {
            await images.DeleteOwnAsync(image.Name, image.TaskId, cancellationToken);
        }
        catch (FailureException exception) when (!exception.IsTransient)
        {
            logger.LogError("The object of a task that lost its key can't be deleted: {error}", exception.Message);
        }
    }
}
