using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>The ways to end that several activities share: with a picture, and without the key.</summary>
public sealed class TaskEnding(
    IdempotencyStore store, TaskRecords records, TaskCancellation cancellation, KeyObjects objects, IImageStaging staging,
    IgaMetrics metrics, TimeProvider time, ILogger<TaskEnding> logger)
{
    /// <summary>Writes the result, which releases the lock, and lets go of the staged picture.</summary>
    /// <returns>False when the key is no longer the task's; then nothing was done.</returns>
    public async Task<bool> CompleteAsync(
        ImageTask task, Progress.Stored stored, DateTime startedAt, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var result = ImageResult.Of(task, stored.Url, stored.ModelId);
        if (!await store.CompleteAsync(task, result, stored.Generation, cancellationToken, stored.UploadSeconds))
        {
            return false;
        }

        await staging.ReleaseAsync(task.TaskId, cancellationToken);
        var model = stored.ModelId ?? task.Request.ModelId;
        metrics.StageEnded(Stage.Complete, time.GetElapsedTime(began), model);
        metrics.TaskSucceeded(time.GetUtcNow() - startedAt, model, task.Caller);
        logger.LogInformation("The image is stored as {image_url}", stored.Url);
        return true;
    }

    /// <summary>
    /// Ends a task that lost its key, or was cancelled: takes back what it stored, and leaves a note of the conflict for later polls. One
    /// that was cancelled reads as that.
    /// </summary>
    /// <param name="uploaded">The picture whose upload was tried, if there was one.</param>
    /// <exception cref="FailureException">The image store is out of reach at the moment; to be tried again.</exception>
    public async Task GiveUpAsync(ImageTask task, StagedImage? uploaded, CancellationToken cancellationToken)
    {
        // A run that was cut off by a crash may have uploaded what it had staged. Of a cancelled task its row tells what that was.
        var cancelled = await cancellation.FindAsync(task, cancellationToken);
        var staged = cancelled is null ? await staging.FindAsync(task.TaskId, cancellationToken) : cancelled.Left;
        if ((uploaded ?? staged) is { } image)
        {
            // The key's next holder may have looked for an object before this task's upload arrived, and then stored one of
            // another format, and so of another name.
            await objects.DeleteOwnAsync(task, image, mayLeave: false, cancellationToken);
        }

        await staging.DropAsync(task.TaskId, cancellationToken);
        if (cancelled is not null)
        {
            if (await cancellation.EndAsync(task, cancellationToken))
            {
                Cancelled(task);
            }

            return;
        }

        await records.ArchiveConflictAsync(task, cancellationToken);
        metrics.TaskConflicted();
        logger.LogWarning("Another holder has the idempotency key; the task ends without a result of its own");
    }

    /// <summary>Takes note that a cancelled task has ended.</summary>
    public void Cancelled(ImageTask task)
    {
        var accepted = TaskIdTime.Of(task.TaskId) ?? time.GetUtcNow();
        metrics.TaskFailed(CancelledTask.Error.Type, time.GetUtcNow() - accepted, task.Request.ModelId, task.Caller);
        logger.LogInformation("The task was cancelled, and has ended");
    }
}
