using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Webhooks;
using Iga.Workflow;

namespace Iga.Tests.Determinism;

/// <summary>As <see cref="HistoryRecorder"/>, of tasks whose end is reported and of the reports.</summary>
public sealed class WebhookHistoryRecorder
{
    private const string Started = "webhook started";
    private const string NotStarted = "webhook not started";
    private const string Delivered = "delivered";
    private const string SentAgain = "sent again";
    private const string NotSeenTo = "not seen to";

    public static readonly string[] Files =
    [
        .. ((string[])[Started, NotStarted]).Select(path => RecordedHistory.FileOf(ImageWorkflow.Name, path)),
        .. ((string[])[Delivered, SentAgain, NotSeenTo]).Select(path => RecordedHistory.FileOf(WebhookRun.WorkflowName, path)),
    ];

    [Fact(Explicit = true)]
    public async Task Record()
    {
        Directory.CreateDirectory(Path.Combine(RecordedHistory.Directory, WebhookRun.WorkflowName));
        await RecordAsync(Started, Delivered, refusal: null, [204]);
        await RecordAsync(null, SentAgain, refusal: null, [503, 204]);
        await RecordAsync(NotStarted, null, refusal: "ended_at is null", [204]);
        await RecordAsync(null, NotSeenTo, refusal: "attempts = 0", [204]);
    }

    /// <param name="task">The file's path of the task; null where it is none.</param>
    /// <param name="delivery">That of the delivery.</param>
    /// <param name="refusal">What the table takes alone, so that a step fails.</param>
    private static async Task RecordAsync(string? task, string? delivery, string? refusal, int[] statuses)
    {
        if (IsThere(ImageWorkflow.Name, task) && IsThere(WebhookRun.WorkflowName, delivery))
        {
            return;
        }

        await using var receiver = await WebhookReceiver.StartAsync();
        await using var service = await OwnService.StartAsync(receiver.AddTo);
        if (refusal is not null)
        {
            await service.ExecuteAsync($"alter table iga_callbacks add constraint refusal check ({refusal})");
        }

        var (key, prompt, url) = ($"key of {task}{delivery}", "a lighthouse", receiver.NewUrl(statuses));
        var id = await service.Client.SubmitAsync(key, new { prompt, callback_url = url });
        if (task is not null && !IsThere(ImageWorkflow.Name, task))
        {
            await service.Client.WaitAsync(id);
            var made = Claims.NewTask(key, prompt);
            var request = made.Request with { CallbackUrl = url };
            await HistoryRecorder.SaveAsync(
                service, task, ImageWorkflow.Name, id.ToString(), made with { TaskId = id, Request = request, Fingerprint = request.Fingerprint() });
        }

        if (delivery is not null)
        {
            var instance = $"webhook-{id}-1";
            await Eventually.Async(async () => (await service.Hub.GetInstanceAsync(instance))?.IsCompleted == true);
            await HistoryRecorder.SaveAsync(service, delivery, WebhookRun.WorkflowName, instance, new WebhookRun(id, 1));
        }
    }

    private static bool IsThere(string orchestrator, string? path) =>
        path is null || File.Exists(Path.Combine(RecordedHistory.Directory, RecordedHistory.FileOf(orchestrator, path)));
}
