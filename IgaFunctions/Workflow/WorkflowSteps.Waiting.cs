using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Workflow.Activities;

namespace Iga.Workflow;

/// <content>How a task waits to try again.</content>
internal sealed partial class WorkflowSteps
{
    /// <summary>Waits, and keeps the lock fresh meanwhile, so that a waiting task is not mistaken for a dead one.</summary>
    /// <returns>Null, or what the task ends in, since it has nothing more to make: the key is lost, or has its result already.</returns>
    private async Task<Progress?> WaitAsync(TimeSpan wait, Fault fault, StagedImage? uploaded)
    {
        // A task that the service's own limits hold back has met no fault.
        var status = fault.IsLocalWait ? null : ImageWorkflow.RetryStatus;
        var heartbeat = TimeSpan.FromSeconds(Math.Max(task.HeartbeatSeconds, RetryRules.MinimumWait.TotalSeconds));
        for (var left = wait; left > TimeSpan.Zero; left -= heartbeat)
        {
            var isLast = left <= heartbeat;
            await SetStatusWhileAsync(status, isLast ? left : heartbeat);
            switch (await ConfirmOrGiveUpAsync(uploaded, isLast && status is not null ? fault.Kind : null))
            {
                case Ownership.Lost:
                    return new Progress.GivenUp();
                case Ownership.Completed:
                    return new Progress.NotOwned(); // A try that was broken off had completed the task all the same.
            }
        }

        return null;
    }

    private async Task SetStatusWhileAsync(string? status, TimeSpan wait)
    {
        context.SetCustomStatus(status);
        await context.CreateTimer(wait, CancellationToken.None);
        context.SetCustomStatus(null);
    }
}
