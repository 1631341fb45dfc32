using Iga.Faults;
using Iga.Staging;
using Iga.Tasks;
using Iga.Workflow.Activities;

namespace Iga.Workflow;

/// <summary>
/// The steps of one task's orchestration with their retries. Like the orchestrator itself it calls nothing that is not
/// deterministic.
/// </summary>
internal sealed class WorkflowSteps(TaskOrchestrationContext context, ImageTask task)
{
    private readonly DateTime _startedAt = context.CurrentUtcDateTime;
    private readonly int _seed = BitConverter.ToInt32(task.TaskId.ToByteArray(), 12);
    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(ImageWorkflow).FullName!);

    // The picture whose upload was tried; whoever ends the task must reckon with its object.
    private StagedImage? _uploaded;

    // What the last step has done of the next ones: an upload that is still to be looked at, and whether it completed.
    private UploadImageResult? _stored;
    private bool? _isCompleted;

    // For how long tries were put off because the table of keys could not be reached.
    private TimeSpan _storeOutage;

    /// <returns>The key's result if it has one already, null when the task may go on.</returns>
    /// <exception cref="KeyLostException">Another holder has the key.</exception>
    /// <param name="retryOf">The kind of fault after which the task tries again.</param>
    public async Task<ImageResult?> ConfirmOwnershipAsync(string? retryOf = null)
    {
        var input = new ConfirmOwnershipInput(task, retryOf, _uploaded);
        var ownership = await WithStoreRetriesAsync(
            () => context.CallActivityAsync<OwnershipResult>(ConfirmOwnership.Name, input));
        return ownership.IsOwned || ownership.Completed is not null ? ownership.Completed : throw new KeyLostException();
    }

    public async Task<GenerateImageResult> GenerateImageAsync() => await RetryAsync(
        MakeImageAsync,
        result => result.Fault,
        fault => new GenerateImageResult(Fault: fault),
        FailureKind.TaskFailed);

    public async Task<UploadImageResult> UploadImageAsync(StagedImage image)
    {
        _uploaded = image;
        UploadImageResult result = await RetryAsync(
            () => TakeStored() ?? context.CallActivityAsync<UploadImageResult>(UploadImage.Name, new UploadImageInput(task, image)),
            result => result.Fault,
            fault => new UploadImageResult(Fault: fault),
            FailureKind.StorageUnavailable);
        return result.IsLost ? throw new KeyLostException() : result;
    }

    public async Task<TaskOutcome> CompleteAsync(ImageResult result)
    {
        var input = new CompleteTaskInput(task, result, _startedAt, _uploaded);
        return _isCompleted ?? await WithStoreRetriesAsync(() => context.CallActivityAsync<bool>(CompleteTask.Name, input))
            ? new TaskOutcome(Image: result)
            : throw new KeyLostException();
    }

    public async Task<TaskOutcome> FailAsync(StepFault fault)
    {
        var error = new TaskError(fault.Kind, fault.Message);
        var firstTry = context.CurrentUtcDateTime;
        return await WithStoreRetriesAsync(() => context.CallActivityAsync<bool>(FailTask.Name, new FailTaskInput(
                task, error, _uploaded, _startedAt,
                MayLeaveObject: context.CurrentUtcDateTime - firstTry >= RetryRules.CleanUpBudget)))
            ? new TaskOutcome(Error: error)
            : throw new KeyLostException();
    }

    private async Task<GenerateImageResult> MakeImageAsync()
    {
        (var made, _stored, _isCompleted) =
            await context.CallActivityAsync<MakeImageResult>(MakeImage.Name, new MakeImageInput(task, _startedAt));
        return made;
    }

    private Task<UploadImageResult>? TakeStored()
    {
        var stored = _stored;
        _stored = null;
        return stored is null ? null : Task.FromResult(stored);
    }

    /// <summary>Repeats a step that reports transient faults, until <see cref="RetryRules"/> gives up.</summary>
    private async Task<T> RetryAsync<T>(
        Func<Task<T>> step, Func<T, StepFault?> faultOf, Func<StepFault, T> failed, string kindOfUnforeseen)
    {
        var firstTry = context.CurrentUtcDateTime;
        var outageBefore = _storeOutage;
        var tries = 0;
        while (true)
        {
            T result;
            try
            {
                result = await step();
            }
            catch (TaskFailedException exception)
            {
                // Not foreseen by the activity: a defect, or a dependency that it has no name for, such as a full disk.
                _logger.LogError("Step {step} failed: {error}", exception.TaskName, exception.FailureDetails.ErrorMessage);
                result = failed(new StepFault(
                    kindOfUnforeseen, "A step of the task kept failing; send the request again later.", IsTransient: true));
            }

            if (faultOf(result) is not { } fault)
            {
                return result;
            }

            tries = fault.IsLocalWait ? tries : tries + 1;
            var elapsed = context.CurrentUtcDateTime - firstTry - (_storeOutage - outageBefore);
            if (RetryRules.NextWait(fault, Math.Max(tries, 1), elapsed, _seed) is not { } wait)
            {
                return result;
            }

            _logger.LogWarning("{kind}: {error} Trying again in {wait} s", fault.Kind, fault.Message, wait.TotalSeconds);
            await WaitAsync(wait, fault);
        }
    }

    /// <summary>Repeats a step on the table of keys: an accepted task is not given up because PostgreSQL is away.</summary>
    private async Task<T> WithStoreRetriesAsync<T>(Func<Task<T>> step)
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
                await SetStatusWhileAsync(ImageWorkflow.RetryStatus, RetryRules.Backoff(tries, _seed));
            }
        }
    }

    /// <summary>Waits, and keeps the lock fresh meanwhile, so that a waiting task is not mistaken for a dead one.</summary>
    private async Task WaitAsync(TimeSpan wait, StepFault fault)
    {
        // A task that the service's own limits hold back has met no fault.
        var status = fault.IsLocalWait ? null : ImageWorkflow.RetryStatus;
        var heartbeat = TimeSpan.FromSeconds(Math.Max(task.HeartbeatSeconds, RetryRules.MinimumWait.TotalSeconds));
        for (var left = wait; left > TimeSpan.Zero; left -= heartbeat)
        {
            var isLast = left <= heartbeat;
            await SetStatusWhileAsync(status, isLast ? left : heartbeat);
            if (await ConfirmOwnershipAsync(isLast && status is not null ? fault.Kind : null) is not null)
            {
                throw new KeyLostException();
            }
        }
    }

    private async Task SetStatusWhileAsync(string? status, TimeSpan wait)
    {
        context.SetCustomStatus(status);
        await context.CreateTimer(wait, CancellationToken.None);
        context.SetCustomStatus(null);
    }
}
