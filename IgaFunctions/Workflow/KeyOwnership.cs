using Iga.Idempotency;
using Iga.Imaging.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow;

/// <summary>What the activities know of the task's key, and what is left to do when it is lost.</summary>
public sealed class KeyOwnership(
    IdempotencyStore store, TaskRecords records, IImageStaging staging, IgaMetrics metrics, ILogger<KeyOwnership> logger)
{
    public async Task<Ownership> ConfirmAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var ownership = await store.ConfirmAsync(task, cancellationToken);
        if (ownership is Ownership.Lost)
        {
            await GiveUpAsync(task, cancellationToken);
        }

        return ownership;
    }

    /// <summary>Leaves a note for later polls, and nothing else.</summary>
    public async Task GiveUpAsync(ImageTask task, CancellationToken cancellationToken)
    {
        await staging.DropAsync(task.TaskId, cancellationToken);
        await records.ArchiveConflictAsync(task, cancellationToken);
        metrics.TaskConflicted();
        logger.LogWarning("Another holder has the idempotency key; the task ends without a result of its own");
    }
}
