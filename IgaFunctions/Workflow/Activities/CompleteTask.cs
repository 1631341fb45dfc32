using Iga.Keys;
using Iga.Staging;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>Activity: writes the result, releases the lock, drops the staged picture.</summary>
public sealed class CompleteTask(
    IdempotencyStore store, KeyOwnership ownership, IImageStaging staging, IgaMetrics metrics, TimeProvider time,
    ILogger<CompleteTask> logger)
{
    public const string Name = "complete_task";

    /// <returns>False when the key is no longer the task's.</returns>
    [Function(Name)]
    public async Task<bool> RunAsync([ActivityTrigger] CompleteTaskInput input, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginTaskScope(input.Task);
        if (!await store.CompleteAsync(input.Task, input.Result, cancellationToken))
        {
            await ownership.GiveUpAsync(input.Task, input.Uploaded, cancellationToken);
            return false;
        }

        await staging.ReleaseAsync(input.Task.TaskId, cancellationToken);
        metrics.TaskSucceeded(time.GetUtcNow() - input.StartedAt);
        logger.LogInformation("The image is stored as {image_url}", input.Result.ImageUrl);
        return true;
    }
}
