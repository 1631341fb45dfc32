using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>The two ways to end that several activities share: with a picture, and without the key.</summary>
public sealed class TaskEnding(
    IdempotencyStore store, TaskRecords records, KeyObjects objects, IImageStaging staging, IgaMetrics metrics, TimeProvider time,
    ILogger<TaskEnding> logger)
{
    /// <summary>Writes the result, which releases the lock, and lets go of the staged picture.</summary>
    /// <returns>False when the key is no longer the task's; then nothing was done.</returns>
    public async Task<bool> CompleteAsync(
        ImageTask task, Progress.Stored stored, DateTime startedAt, CancellationToken cancellationToken)
    {
        if (!await store.CompleteAsync(task, ImageResult.Of(task, stored.Url, stored.ModelId), stored.Generation, cancellationToken))
        {
            return false;
        }

        await staging.ReleaseAsync(task.TaskId, cancellationToken);
        metrics.TaskSucceeded(time.GetUtcNow() - startedAt, stored.ModelId ?? task.Request.ModelId, task.Caller);
        logger.LogInformation("The image is stored as {image_url}", stored.Url);
        return true;
    }

    /// <summary>Ends a task that lost its key: takes back what it stored, and leaves a note of the conflict for later polls.</summary>
    /// <param name="uploaded">The picture whose upload was tried, if there was one.</param>
    /// <exception cref="FailureException">The image store is out of reach at the moment; to be tried again.</exception>
    public async Task GiveUpAsync(ImageTask task, StagedImage? uploaded, CancellationToken cancellationToken)
    {
        // A run that was cut off by a crash may have uploaded what it had staged.
        if ((uploaded ?? await staging.FindAsync(task.TaskId, cancellationToken)) is { } image)
        {
            // The key's next holder may have looked for an object before this task's upload arrived, and then stored one of
            // another format, and so of another name.
            await objects.DeleteOwnAsync(task, image, mayLeave: false, cancellationToken);
        }

        await staging.DropAsync(task.TaskId, cancellationToken);
        await records.ArchiveConflictAsync(task, cancellationToken);
        metrics.TaskConflicted();
        logger.LogWarning("Another holder has the idempotency key; the task ends without a result of its own");
    }
}
