using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow.Activities;

namespace Iga.Workflow;

/// <summary>
/// The activities of one task's orchestration, each repeated as its faults ask for. Like the orchestrator itself it calls nothing
/// that is not deterministic.
/// </summary>
internal sealed partial class WorkflowSteps(TaskOrchestrationContext context, ImageTask task)
{
    private readonly DateTime _startedAt = context.CurrentUtcDateTime;
    private readonly int _seed = BitConverter.ToInt32(task.TaskId.ToByteArray(), 12);
    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(ImageWorkflow).FullName!);

    /// <summary>Calls of the model that failed, and that are not written down yet: the next step that writes anyway does so.</summary>
    private readonly List<TaskAttempt> _attempts = [];

    // For how long tries were put off because the table of keys could not be reached, or the staging had no room.
    private TimeSpan _storeOutage;

    private bool _hasBegun;

    /// <summary>Makes the picture, and goes on as far as no fault stops it. Repeated until there is a picture.</summary>
    /// <param name="uploaded">The picture of the round before, if its upload was tried.</param>
    public Task<Progress> MakeImageAsync(StagedImage? uploaded)
    {
        var fallback = new ModelFallback(task.Request.ModelId, Now);
        return RetryAsync(
            null,
            () => MakeImageAsync(fallback),
            progress => (progress as Progress.NotMade)?.Fault,
            new Progress.NotMade(Unforeseen(FailureKind.TaskFailed)),
            uploaded);
    }

    private async Task<Progress> MakeImageAsync(ModelFallback fallback)
    {
        // Each turn leaves out one model more.
        Progress? settled;
        do
        {
            var input = new MakeImage.Input(
                task, _startedAt, fallback.Unavailable, _attempts.Count > 0 ? [.. _attempts] : null, _hasBegun);
            _hasBegun = true;
            var began = Now();
            settled = await context.CallActivityAsync<Progress>(MakeImage.Name, input);
            _attempts.AddRange((settled as Progress.NotMade)?.Attempts ?? []);
            if (settled is Progress.NotMade failed && (settled = fallback.After(failed, began)) is null)
            {
                _logger.LogWarning("{kind}: {error} Another model steps in", failed.Fault.Kind, failed.Fault.Message);
            }
        }
        while (settled is null);

        if (settled is Progress.Staged or Progress.Completed)
        {
            _attempts.Clear(); // written down with the picture
        }

        return settled;
    }

    /// <summary>The orchestration's clock, which stands still meanwhile.</summary>
    private DateTime Now() => context.CurrentUtcDateTime - _storeOutage;

    /// <summary>Uploads the staged picture. Repeated until it is stored.</summary>
    /// <param name="staged">With a fault, the upload was tried once; what comes of that is decided first.</param>
    public Task<Progress> UploadImageAsync(Progress.Staged staged) => RetryAsync(
        staged.Fault is null ? null : staged,
        () => context.CallActivityAsync<Progress>(UploadImage.Name, new UploadImage.Input(task, staged.Image)),
        progress => (progress as Progress.Staged)?.Fault,
        staged with { Fault = Unforeseen(FailureKind.StorageUnavailable) },
        staged.Image);

    /// <param name="uploaded">The picture whose upload was tried, if there was one.</param>
    /// <param name="retryOf">The kind of fault after which the task tries again.</param>
    public async Task<Ownership> ConfirmOrGiveUpAsync(StagedImage? uploaded, string? retryOf = null)
    {
        var input = new ConfirmOrGiveUp.Input(task, retryOf, uploaded, Unwritten());
        var ownership = await WithStoreRetriesAsync(() => context.CallActivityAsync<Ownership>(ConfirmOrGiveUp.Name, input));
        _attempts.Clear();
        return ownership;
    }

    private TaskRun? Unwritten() => _attempts.Count > 0 ? new TaskRun(_startedAt, [.. _attempts]) : null;

    /// <returns>False when the key was lost.</returns>
    public Task<bool> CompleteAsync(Progress.Stored stored, StagedImage? uploaded)
    {
        var input = new CompleteTask.Input(task, stored.Url, _startedAt, uploaded, stored.ModelId, stored.UploadSeconds, stored.Generation);
        return WithStoreRetriesAsync(() => context.CallActivityAsync<bool>(CompleteTask.Name, input));
    }

    /// <returns>False when the key was lost.</returns>
    public Task<bool> FailAsync(TaskError error, StagedImage? uploaded)
    {
        var firstTry = context.CurrentUtcDateTime;
        return WithStoreRetriesAsync(
            () => context.CallActivityAsync<bool>(FailTask.Name, new FailTask.Input(
                task, error, uploaded, _startedAt,
                MayLeaveObject: context.CurrentUtcDateTime - firstTry >= RetryRules.StoreBudget,
                Run: Unwritten())),
            isForBucketToo: true);
    }

    /// <summary>Repeats a step that reports transient faults, until <see cref="RetryRules"/> gives up.</summary>
    /// <param name="progress">What a first try ended in; null when there was none.</param>
    /// <param name="faultOf">The fault in a step's answer, null when it is not to be repeated.</param>
    /// <param name="unforeseen">What a try comes to that ended in an exception.</param>
    /// <param name="uploaded">The picture whose upload was tried, if there was one.</param>
    private async Task<Progress> RetryAsync(
        Progress? progress, Func<Task<Progress>> step, Func<Progress, Fault?> faultOf, Progress unforeseen, StagedImage? uploaded)
    {
        var firstTry = context.CurrentUtcDateTime;
        var outageBefore = _storeOutage;
        var tries = new Tries(_seed);
        var hasPaidPicture = false;
        while (true)
        {
            var isUnforeseen = false;
            try
            {
                progress ??= await step();
            }
            catch (TaskFailedException exception)
            {
                // A defect, or a dependency that the activity has no name for, such as a full disk.
                _logger.LogError("Step {step} failed: {error}", exception.TaskName, exception.FailureDetails.ErrorMessage);
                progress = unforeseen;
                isUnforeseen = true;
            }

            if (faultOf(progress) is not { } fault)
            {
                return progress;
            }

            // A try that threw in between does not end the wait of a picture.
            hasPaidPicture = fault.HasPaidPicture || (isUnforeseen && hasPaidPicture);
            fault = fault with { HasPaidPicture = hasPaidPicture };

            var (began, outage) = (context.CurrentUtcDateTime, _storeOutage);
            if (tries.NextWait(fault, began - firstTry - (outage - outageBefore)) is not { } wait)
            {
                return progress;
            }

            _logger.LogWarning("{kind}: {error} Trying again in {wait} s", fault.Kind, fault.Message, wait.TotalSeconds);
            progress = await WaitAsync(wait, fault, uploaded);
            if (fault.WaitsForStaging)
            {
                // The service's own trouble takes nothing of the time that there is for the model.
                tries.StagingOutage += context.CurrentUtcDateTime - began;
                _storeOutage = outage + (context.CurrentUtcDateTime - began);
            }

            if (progress is not null)
            {
                return progress;
            }
        }
    }

    private static Fault Unforeseen(string kind) =>
        new(kind, "A step of the task kept failing; send the request again later.", IsTransient: true);

    /// <summary>Repeats a step on the table of keys: an accepted task is not given up because PostgreSQL is away.</summary>
    /// <param name="isForBucketToo">The step may wait for the bucket, with the engine at work, whose history is to stay small.</param>
    private async Task<T> WithStoreRetriesAsync<T>(Func<Task<T>> step, bool isForBucketToo = false)
    {
        var firstTry = context.CurrentUtcDateTime;
        for (var tries = 1; ; tries++)
        {
            try
            {
                var result = await step();
                _storeOutage += tries > 1 ? context.CurrentUtcDateTime - firstTry : TimeSpan.Zero;
                return result;
            }
            catch (TaskFailedException) when (context.CurrentUtcDateTime - firstTry < RetryRules.StoreBudget)
            {
                var elapsed = isForBucketToo ? context.CurrentUtcDateTime - firstTry : TimeSpan.Zero;
                await SetStatusWhileAsync(ImageWorkflow.RetryStatus, RetryRules.BackoffOfHours(tries, elapsed, _seed));
            }
        }
    }
}
