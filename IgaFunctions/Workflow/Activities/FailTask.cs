using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Activity: ends a task that failed, and leaves nothing half done: no object, no locked key, no staged picture. Gives up where the
/// key is no longer the task's.
/// </summary>
public sealed class FailTask(
    IdempotencyStore store, TaskRecords records, KeyObjects objects, IImageStaging staging, TaskEnding ending, IgaMetrics metrics,
    TimeProvider time, ILogger<FailTask> logger)
{
    public const string Name = "fail_task";

    /// <returns>False when it gave up.</returns>
    /// <exception cref="FailureException">
    /// Whether an object is left can't be told at the moment; to be tried again, or told that it may be left.
    /// </exception>
    [Function(Name)]
    public async Task<bool> RunAsync([ActivityTrigger] Input input, CancellationToken cancellationToken)
    {
        var task = input.Task;
        using var step = TaskStep.Begin(logger, task, Name);
        // Asked for in any case, since it keeps the lock fresh: whether an object is left may take hours to find out. And a run that
        // was cut off by a crash may have uploaded what it had staged.
        var owned = await store.ConfirmAsync(task, cancellationToken) as Ownership.Owned;
        if ((input.Uploaded ?? owned?.Staged) is { } image)
        {
            await objects.DeleteOwnAsync(task, image, input.MayLeaveObject, cancellationToken);
        }

        if (await store.FailAsync(task, input.Error, cancellationToken, input.Run))
        {
            await staging.DropAsync(task.TaskId, cancellationToken);
            metrics.TaskFailed(input.Error.Type, time.GetUtcNow() - input.StartedAt, input.Task.Request.ModelId, input.Task.Caller);
            logger.LogWarning("The task failed: {kind}: {error}", input.Error.Type, input.Error.Message);
            return step.Ended(true, "TaskFailed", input.Error.Type);
        }

        // A run of this step before a crash may have failed the task already, and its key may have a new task since.
        if (await records.FindAsync(task.TaskId, cancellationToken) is { Outcome.Error.Type: var type } && type == input.Error.Type)
        {
            return step.Ended(true, "FailedBefore");
        }

        await ending.GiveUpAsync(task, input.Uploaded, cancellationToken);
        return step.Ended(false, "GivenUp");
    }

    /// <param name="Uploaded">The picture whose upload was tried and may have succeeded unseen, else null.</param>
    /// <param name="StartedAt">When the orchestration began, for the measurement of its duration.</param>
    /// <param name="MayLeaveObject">The image store has been out of reach for so long that the task ends all the same.</param>
    /// <param name="Run">What is to be written down of the task's course; null where nothing is.</param>
    public sealed record Input(
        ImageTask Task, TaskError Error, StagedImage? Uploaded, DateTime StartedAt, bool MayLeaveObject = false, TaskRun? Run = null);
}
