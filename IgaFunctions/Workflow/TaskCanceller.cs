using Iga.Keys;
using Iga.Webhooks;
using Iga.Workflow.Activities;

namespace Iga.Workflow;

/// <summary>
/// Cancels tasks: first in the table, which decides whether the task completes or is cancelled, then in this process and in the engine.
/// Whatever is left undone by a crash in between, the task's own next step or the sweeper does.
/// </summary>
public sealed class TaskCanceller(TaskCancellation cancellation, RunningTasks running, TaskEnding ending, CallbackRecords callbacks)
{
    /// <returns>Null if no task in flight has this id.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The table is out of reach.</exception>
    public async Task<CancelledTask?> CancelAsync(Guid taskId, CancellationToken cancellationToken)
    {
        if (await cancellation.CancelAsync(taskId, cancellationToken) is not (var cancelled, var isNew))
        {
            return null;
        }

        running.BreakOff(taskId);
        if (isNew && cancelled.HasEnded)
        {
            ending.Cancelled(cancelled.Task);
        }

        return cancelled;
    }

    /// <summary>Takes back what a cancelled task may have stored, where nobody else does, and tells the engine.</summary>
    /// <exception cref="Exception">To be done again: something is out of reach.</exception>
    public async Task FinishAsync(DurableTaskClient client, CancelledTask cancelled, CancellationToken cancellationToken)
    {
        var task = cancelled.Task;
        var instance = await client.GetInstanceAsync(task.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (!cancelled.HasEnded)
        {
            if (instance is { IsCompleted: false } && TaskState.Of(instance) is { Status: TaskState.Started })
            {
                return; // A step of it may be storing its picture. When that is over, the step after it ends the task.
            }

            // It waits. A step that begins from now on finds that the task is cancelled before it stores anything.
            await ending.GiveUpAsync(task, uploaded: null, cancellationToken);
        }

        if (instance is { IsCompleted: false })
        {
            await client.TerminateInstanceAsync(task.InstanceId, cancellation: cancellationToken);
        }

        // Its workflow, which would have the webhook sent, goes no further.
        if (task.Request.CallbackUrl is { } url)
        {
            await WebhookRun.StartFirstAsync(client, callbacks, task.TaskId, url, cancellationToken);
        }

        // One that is not there yet is started at any moment. The sweeper looks again.
        if (instance is not null)
        {
            await cancellation.SettleAsync(task.TaskId, cancellationToken);
        }
    }
}
