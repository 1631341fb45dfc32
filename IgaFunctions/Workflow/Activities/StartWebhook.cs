using Iga.Tasks;
using Iga.Telemetry;
using Iga.Webhooks;

namespace Iga.Workflow.Activities;

/// <summary>
/// Activity: has the webhook of a task that has ended delivered. Where a crash comes in between, the sweeper of webhooks makes up for it.
/// </summary>
public sealed class StartWebhook(CallbackRecords callbacks, ILogger<StartWebhook> logger)
{
    public const string Name = "start_webhook";

    [Function(Name)]
    public async Task RunAsync(
        [ActivityTrigger] Input input, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginTaskScope(input.Task);
        await WebhookRun.StartFirstAsync(client, callbacks, input.Task.TaskId, input.Task.Request.CallbackUrl!, cancellationToken);
    }

    /// <param name="Task">One whose request has a callback_url.</param>
    public sealed record Input(ImageTask Task);
}
