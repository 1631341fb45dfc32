namespace Iga.Webhooks.Delivery;

/// <summary>
/// Timer: starts the deliveries that nobody else does: attempts whose time has come, and those of tasks that ended without starting one
/// (a crash, or an end from outside).
/// </summary>
public sealed class WebhookSweeper(CallbackRecords callbacks, ILogger<WebhookSweeper> logger)
{
    private const int MostBatches = 10;

    [Function("webhook_sweeper")]
    public async Task RunAsync(
        [TimerTrigger("*/15 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        // What is taken on is not due again for a while, so this comes to an end; the bound leaves some for other processes.
        for (var batch = 0; batch < MostBatches; batch++)
        {
            var due = await callbacks.TakeDueAsync(cancellationToken);
            if (due.Count == 0)
            {
                return;
            }

            // The claim was given back, or the task's record was deleted.
            Guid[] unknown = [.. due.Where(callback => !callback.IsKnown).Select(callback => callback.Run.TaskId)];
            if (unknown.Length > 0)
            {
                await callbacks.DeleteAsync(unknown, cancellationToken);
            }

            foreach (var callback in due.Where(callback => callback.HasEnded))
            {
                await TryAsync(callback.Run, client, cancellationToken);
            }
        }
    }

    private async Task TryAsync(WebhookRun run, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await run.StartAsync(client, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "The webhook of task {task_id} could not be started; a later sweep tries again", run.TaskId);
        }
    }
}
