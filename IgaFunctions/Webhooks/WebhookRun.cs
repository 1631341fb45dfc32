using DurableTask.Core.Exceptions;

namespace Iga.Webhooks;

/// <summary>
/// One orchestration's share in delivering a webhook: the first attempts, or a later one when its time has come. The input of
/// <c>deliver_webhook_workflow</c>.
/// </summary>
/// <param name="Number">From 1: a later run makes earlier ones void.</param>
public sealed record WebhookRun(Guid TaskId, int Number)
{
    public const string WorkflowName = "deliver_webhook_workflow";

    /// <summary>Has the webhook of a task that has just ended delivered, unless somebody was faster.</summary>
    public static async Task StartFirstAsync(
        DurableTaskClient client, CallbackRecords callbacks, Guid taskId, string url, CancellationToken cancellationToken)
    {
        if (await callbacks.TakeFirstAsync(taskId, url, cancellationToken) is { } run)
        {
            await run.StartAsync(client, cancellationToken);
        }
    }

    /// <summary>Schedules the orchestration, whose id is made of the task's; one that exists already is left alone.</summary>
    public async Task StartAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var once = new StartOrchestrationOptions($"webhook-{TaskId}-{Number}")
            .WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(WorkflowName, this, once, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The same step was run before a crash.
        }
    }
}
