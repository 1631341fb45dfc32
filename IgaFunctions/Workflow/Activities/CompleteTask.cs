using Iga.Images;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>Activity: completes a task whose picture is stored, or gives up where the key is no longer the task's.</summary>
public sealed class CompleteTask(TaskEnding ending, ILogger<CompleteTask> logger)
{
    public const string Name = "complete_task";

    /// <returns>False when it gave up.</returns>
    [Function(Name)]
    public async Task<bool> RunAsync([ActivityTrigger] Input input, CancellationToken cancellationToken)
    {
        using var step = TaskStep.Begin(logger, input.Task, Name);
        var stored = new Progress.Stored(input.Url, input.Uploaded, input.ModelId, input.UploadSeconds, input.Generation);
        if (await ending.CompleteAsync(input.Task, stored, input.StartedAt, cancellationToken))
        {
            return step.Ended(true, "Completed");
        }

        await ending.GiveUpAsync(input.Task, input.Uploaded, cancellationToken);
        return step.Ended(false, "GivenUp");
    }

    /// <param name="Url">The key's object, <c>gs://bucket/name</c>.</param>
    /// <param name="StartedAt">When the orchestration began, for the measurement of its duration.</param>
    /// <param name="Uploaded">The picture that the task uploaded, null when it found the object.</param>
    /// <param name="ModelId">The model that made the picture; null is the request's.</param>
    /// <param name="UploadSeconds">How long its upload took; null where that is not known.</param>
    /// <param name="Generation">Which version of the object it is; null where that is not known.</param>
    public sealed record Input(
        ImageTask Task, string Url, DateTime StartedAt, StagedImage? Uploaded = null, string? ModelId = null, double? UploadSeconds = null,
        long? Generation = null);
}
