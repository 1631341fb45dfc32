using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Activity: the whole way of a task that meets no fault: make the picture, store it, complete. Where a fault stops it, it
/// reports how far it got, and the orchestrator goes on from there step by step.
/// </summary>
public sealed class MakeImage(
    ImageMaker maker, ImageUploader uploader, TaskEnding ending, RunningTasks running, IgaMetrics metrics, TimeProvider time,
    ILogger<MakeImage> logger)
{
    public const string Name = "make_image";

    /// <exception cref="Npgsql.NpgsqlException">The table of keys is out of reach; nothing is stored yet.</exception>
    [Function(Name)]
    public async Task<Progress> RunAsync([ActivityTrigger] Input input, CancellationToken cancellationToken)
    {
        using var step = TaskStep.Begin(logger, input.Task, Name);
        if (!input.IsRepeat && TaskIdTime.Of(input.Task.TaskId) is { } accepted)
        {
            metrics.StageEnded(Stage.Queued, time.GetUtcNow() - accepted, input.Task.Request.ModelId);
        }

        return step.Ended(await running.RunAsync(input.Task.TaskId, token => MakeAsync(input, token), cancellationToken));
    }

    private async Task<Progress> MakeAsync(Input input, CancellationToken cancellationToken)
    {
        var progress = await maker.MakeAsync(
            input.Task, input.StartedAt, input.Unavailable ?? [], cancellationToken, input.Attempts);
        if (progress is not Progress.Staged { Image: var image })
        {
            return progress;
        }

        try
        {
            // Whether the key is still the task's was found out when the picture was staged, or found to be.
            progress = await uploader.UploadAsync(input.Task, image, cancellationToken);
            return progress is Progress.Stored stored ? await CompleteAsync(input, stored, cancellationToken) : progress;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(exception, "The task goes on step by step");
            return progress;
        }
    }

    private async Task<Progress> CompleteAsync(Input input, Progress.Stored stored, CancellationToken cancellationToken)
    {
        if (await ending.CompleteAsync(input.Task, stored, input.StartedAt, cancellationToken))
        {
            return new Progress.Completed(stored.Url, stored.ModelId);
        }

        await ending.GiveUpAsync(input.Task, stored.Image, cancellationToken);
        return new Progress.GivenUp();
    }

    /// <param name="StartedAt">When the orchestration began: for the measurement of its duration, and for what there is time for.</param>
    /// <param name="Unavailable">Models that could not be had, for which another one steps in.</param>
    /// <param name="Attempts">Calls of the model that failed before, and that are not written down yet.</param>
    /// <param name="IsRepeat">The task has begun to make its picture before.</param>
    public sealed record Input(
        ImageTask Task, DateTime StartedAt, IReadOnlyList<string>? Unavailable = null, IReadOnlyList<TaskAttempt>? Attempts = null,
        bool IsRepeat = false);
}
