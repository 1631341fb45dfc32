using Iga.Bucket;
using Iga.Keys;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow;

/// <summary>
/// Timer: finishes what a crash left behind. Starts tasks that were claimed but not started, ends the rows of tasks that
/// ended without writing to them, finishes what a cancel began, drops staged pictures that no task needs any more. What can't be finished is left to the
/// next sweep, and keeps nothing else waiting.
/// </summary>
public sealed class Sweeper(
    TaskRecords records, IdempotencyStore store, TaskCancellation cancellation, TaskCanceller canceller, IImageStaging staging,
    KeyObjects objects, TimeProvider time, ILogger<Sweeper> logger)
{
    /// <summary>Younger ones are on their way: a start takes milliseconds, and gives up after seconds.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(15);

    /// <summary>
    /// For so long a staged picture is kept whose task this database does not know: after the database was put back to an earlier
    /// state, or on a copy of it, the picture may still be another's.
    /// </summary>
    private static readonly TimeSpan UnknownAge = TimeSpan.FromDays(7);

    [Function("sweeper")]
    public async Task RunAsync(
        [TimerTrigger("*/15 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await foreach (var task in records.InFlightAsync(Age, cancellationToken))
        {
            using var scope = logger.BeginTaskScope(task);
            await TryAsync(FinishAsync(client, task, cancellationToken), cancellationToken);
        }

        foreach (var cancelled in await cancellation.FindUnsettledAsync(Age, cancellationToken))
        {
            using var scope = logger.BeginTaskScope(cancelled.Task);
            await TryAsync(FinishAsync(client, cancelled, cancellationToken), cancellationToken);
        }

        await foreach (var entry in staging.ListAsync(cancellationToken))
        {
            if (time.GetUtcNow() - entry.StagedAt > Age)
            {
                await TryAsync(DropIfEndedAsync(client, entry, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task TryAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "What a task left behind could not be finished; the next sweep tries again");
        }
    }

    private async Task FinishAsync(DurableTaskClient client, ImageTask task, CancellationToken cancellationToken)
    {
        var instance =
            await client.GetInstanceAsync(task.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (instance is null)
        {
            if (!await store.RenewLockAsync(task, cancellationToken))
            {
                return; // It was given back meanwhile.
            }

            // The row does not say whether the claim took the key over from an earlier task, which may have stored an object.
            await TaskStarter.StartAsync(client, task with { MayHaveObject = true }, cancellationToken);
            logger.LogWarning("The task was claimed but not started; it is started now");
            return;
        }

        switch (TaskState.Of(instance).Outcome)
        {
            case { Image: { } image }:
                await store.CompleteAsync(task, image with { PromptUsed = task.Request.Prompt }, cancellationToken);
                break;
            case { Error: { } error }:
                // An orchestration that was ended from outside may have uploaded its picture before that. The key is worth more
                // than the object.
                await objects.DeleteOwnAsync(task, image: null, mayLeave: true, cancellationToken);
                await store.FailAsync(task, error, cancellationToken);
                logger.LogWarning("The task ended without releasing its key; the key is released now");
                break;
        }
    }

    private async Task FinishAsync(DurableTaskClient client, CancelledTask cancelled, CancellationToken cancellationToken)
    {
        await canceller.FinishAsync(client, cancelled, cancellationToken);
        if (cancelled.HasEnded)
        {
            // It was not started, and now it never is: a start takes no longer than this.
            await cancellation.SettleAsync(cancelled.Task.TaskId, cancellationToken);
        }
    }

    private async Task DropIfEndedAsync(DurableTaskClient client, StagingEntry entry, CancellationToken cancellationToken)
    {
        var hasEnded = await HasEndedAsync(client, entry.TaskId, cancellationToken);
        if (hasEnded ?? (!entry.MayBeForeign && time.GetUtcNow() - entry.StagedAt > UnknownAge))
        {
            await staging.DropAsync(entry.TaskId, cancellationToken);
            logger.LogInformation("Dropped the staged picture of task {task_id}, which has ended", entry.TaskId);
        }
    }

    /// <returns>Null if neither the engine nor the database knows the task.</returns>
    private async Task<bool?> HasEndedAsync(DurableTaskClient client, Guid taskId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(taskId.ToString(), getInputsAndOutputs: false, cancellationToken) is { } instance
            ? instance.IsCompleted
            : (await records.FindAsync(taskId, cancellationToken)) is { } record ? record.Outcome is not null : null;
}
