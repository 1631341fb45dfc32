using Iga.Bucket;
using Iga.Faults;
using Iga.Keys;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Activity: ends a task that failed, and leaves nothing half done: no object, no locked key, no staged picture.
/// </summary>
public sealed class FailTask(
    IdempotencyStore store, TaskRecords records, KeyOwnership ownership, IImageStaging staging, IImageStore images,
    StorageOptions storage, IgaMetrics metrics, TimeProvider time, ILogger<FailTask> logger)
{
    public const string Name = "fail_task";

    /// <returns>False when the key is no longer the task's.</returns>
    /// <exception cref="FailureException">
    /// Whether an object is left can't be told at the moment; to be tried again, or told that it may be left.
    /// </exception>
    [Function(Name)]
    public async Task<bool> RunAsync([ActivityTrigger] FailTaskInput input, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginTaskScope(input.Task);
        if ((input.Uploaded ?? await FindRecordedAsync(input.Task, cancellationToken)) is { } image)
        {
            await DeleteObjectAsync(
                UploadImage.Describe(input.Task, image, storage), input.MayLeaveObject, cancellationToken);
        }

        if (!await store.FailAsync(input.Task, input.Error, cancellationToken))
        {
            // A run of this step before a crash may have failed the task already, and its key may have a new task since.
            if (await records.FindAsync(input.Task.TaskId, cancellationToken) is { Outcome.Error: not null })
            {
                return true;
            }

            await ownership.GiveUpAsync(input.Task, input.Uploaded, cancellationToken);
            return false;
        }

        await staging.DropAsync(input.Task.TaskId, cancellationToken);
        metrics.TaskFailed(input.Error.Type, time.GetUtcNow() - input.StartedAt);
        logger.LogWarning("The task failed: {kind}: {error}", input.Error.Type, input.Error.Message);
        return true;
    }

    /// <summary>A run that was cut off by a crash may have uploaded what it had staged.</summary>
    private async Task<StagedImage?> FindRecordedAsync(ImageTask task, CancellationToken cancellationToken) =>
        (await store.ConfirmAsync(task, cancellationToken) as Ownership.Owned)?.Staged;

    /// <summary>An upload whose answer was lost may have stored the object all the same.</summary>
    private async Task DeleteObjectAsync(ImageObject image, bool mayLeave, CancellationToken cancellationToken)
    {
        try
        {
            await images.DeleteOwnAsync(image.Name, image.TaskId, cancellationToken);
        }
        catch (FailureException exception) when (mayLeave || !exception.IsTransient)
        {
            // Should the object exist, the next task of the key adopts it.
            logger.LogWarning("It could not be made sure that no object was left: {error}", exception.Message);
        }
    }
}
