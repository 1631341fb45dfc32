using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Activity: makes sure that the key is still the task's, and renews an ageing lock; gives up where another holder has the key.
/// </summary>
public sealed class ConfirmOrGiveUp(
    IdempotencyStore store, TaskEnding ending, IgaMetrics metrics, ILogger<ConfirmOrGiveUp> logger)
{
    public const string Name = "confirm_or_give_up";

    [Function(Name)]
    public async Task<Ownership> RunAsync([ActivityTrigger] Input input, CancellationToken cancellationToken)
    {
        using var step = TaskStep.Begin(logger, input.Task, Name);
        if (input.RetryOf is { } kind)
        {
            metrics.TaskRetried(kind);
        }

        // What is written down of the task is fenced by its id as well, and so tells the same as a look.
        var ownership = input.Run is { } run && await store.RecordAttemptsAsync(input.Task, run, cancellationToken)
            ? new Ownership.Owned()
            : await store.ConfirmAsync(input.Task, cancellationToken);
        if (ownership is Ownership.Lost)
        {
            await ending.GiveUpAsync(input.Task, input.Uploaded, cancellationToken);
        }

        return step.Ended(ownership, ownership.GetType().Name);
    }

    /// <param name="RetryOf">The kind of fault after which the task tries again, null when it does not.</param>
    /// <param name="Uploaded">The picture whose upload was tried and may have succeeded unseen, else null.</param>
    /// <param name="Run">What is to be written down of the task's course; null where nothing is.</param>
    public sealed record Input(ImageTask Task, string? RetryOf = null, StagedImage? Uploaded = null, TaskRun? Run = null);
}
