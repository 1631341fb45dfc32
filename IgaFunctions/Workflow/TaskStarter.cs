using DurableTask.Core.Exceptions;
using Iga.Tasks;

namespace Iga.Workflow;

/// <summary>Starts a task's orchestration, once.</summary>
public static class TaskStarter
{
    /// <summary>Schedules the orchestration under the task's id; one that exists already is left alone.</summary>
    public static async Task StartAsync(DurableTaskClient client, ImageTask task, CancellationToken cancellationToken)
    {
        // All statuses: an instance that is there is never replaced, whatever has become of it. Without the list the back end
        // decides, and some end a running instance to start it again.
        var once = new StartOrchestrationOptions(task.InstanceId)
            .WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(ImageWorkflow.Name, task, once, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another POST with the key, or the sweeper, was faster.
        }
    }

    /// <summary>
    /// Starts a task whose claim was made but whose orchestration was not: a crash came between the two. The look comes first,
    /// since nearly always there is nothing to start.
    /// </summary>
    /// <returns>Whether it had to be started.</returns>
    public static async Task<bool> EnsureStartedAsync(
        DurableTaskClient client, ImageTask task, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(task.InstanceId, getInputsAndOutputs: false, cancellationToken) is not null)
        {
            return false;
        }

        await StartAsync(client, task, cancellationToken);
        return true;
    }
}
