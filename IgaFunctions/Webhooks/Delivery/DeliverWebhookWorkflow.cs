namespace Iga.Webhooks.Delivery;

/// <summary>
/// The orchestration of a run: sends the webhook, waits and sends it again while waits are short. Where they are long it ends, so that a
/// receiver that is down for a day fills no memory, and the sweeper starts the next run when it is due. What was not foreseen ends it as well.
/// </summary>
public static class DeliverWebhookWorkflow
{
    [Function(WebhookRun.WorkflowName)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<WebhookRun>() ?? throw new InvalidOperationException("The orchestration has no input.");
        var logger = context.CreateReplaySafeLogger(typeof(DeliverWebhookWorkflow).FullName!);
        try
        {
            while (await context.CallActivityAsync<int>(DeliverWebhook.Name, run) is > 0 and var seconds)
            {
                await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            }
        }
        catch (TaskFailedException exception)
        {
            logger.LogWarning(
                "The webhook of task {task_id} could not be seen to; the sweeper starts anew: {error}", run.TaskId,
                exception.FailureDetails.ErrorMessage);
        }
    }
}
