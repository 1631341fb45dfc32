using Iga.Idempotency;
using Iga.Imaging.Staging;
using Iga.Tasks;
using Iga.Tasks.Status;
using Iga.Telemetry;
using Iga.Workflow;

namespace Iga.Sweeping;

/// <summary>
/// Timer: finishes what a crash left behind. Starts tasks that were claimed but not started, ends the rows of tasks that
/// ended without writing to them, drops staged pictures that no task needs any more.
/// </summary>
public sealed class Sweeper(
    TaskRecords records, IdempotencyStore store, IImageStaging staging, TimeProvider time, ILogger<Sweeper> logger)
{
    /// <summary>Younger ones are on their way: a start takes milliseconds, and gives up after seconds.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(15);

    [Function("sweeper")]
    public async Task RunAsync(
        [TimerTrigger("*/15 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await foreach (var task in records.InFlightAsync(Age, cancellationToken))
        {
            using var scope = logger.BeginTaskScope(task);
            await FinishAsync(client, task, cancellationToken);
        }

        await foreach (var entry in staging.ListAsync(cancellationToken))
        {
            if (time.GetUtcNow() - entry.StagedAt > Age)
            {
                await DropIfEndedAsync(client, entry.TaskId, cancellationToken);
            }
        }
    }

    private async Task FinishAsync(DurableTaskClient client, ImageTask task, CancellationToken cancellationToken)
    {
        var instance =
            await client.GetInstanceAsync(task.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (instance is null)
        {
            // Whether it took the key over is not written down.
            await TaskStarter.StartAsync(client, task with { MayHaveObject = true }, cancellationToken);
            logger.LogWarning("The task was claimed but not started; it is started now");
            return;
        }

        switch (TaskState.Of(instance).Outcome)
        {
            case { Image: { } image }:
                await store.CompleteAsync(task, image, cancellationToken);
                break;
            case { Error: { } error }:
                await store.FailAsync(task, error, cancellationToken);
                logger.LogWarning("The task ended without releasing its key; the key is released now");
                break;
        }
    }

    private async Task DropIfEndedAsync(DurableTaskClient client, Guid taskId, CancellationToken cancellationToken)
    {
        var instance =
            await client.GetInstanceAsync(taskId.ToString(), getInputsAndOutputs: false, cancellationToken);
        var isNeeded = instance is null
            ? await records.FindAsync(taskId, cancellationToken) is { Outcome: null }
            : !instance.IsCompleted;
        if (!isNeeded)
        {
            await staging.DropAsync(taskId, cancellationToken);
            logger.LogInformation("Dropped the staged picture of task {task_id}, which has ended", taskId);
        }
    }
}
