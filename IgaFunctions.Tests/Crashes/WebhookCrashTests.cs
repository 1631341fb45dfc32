using Iga.Emulators.Pictures;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Security;

namespace Iga.Tests.Crashes;

/// <summary>kill -9 between the end of a task and the receiver's answer.</summary>
public sealed class WebhookCrashTests
{
    [Fact]
    public async Task A_webhook_that_a_killed_process_was_sending_is_sent_again_under_its_id_and_nothing_confidential_is_logged()
    {
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            PictureFactory = (_, _) => ValueTask.FromResult(new Picture(Pictures.Png(400), "image/png")),
        });
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        await using var receiver = await WebhookReceiver.StartAsync();
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, await TestCluster.CreateDatabaseAsync());
        receiver.AddTo(settings);
        var isUnanswered = true;
        var url = receiver.NewUrl(context => isUnanswered ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask);
        Guid id;
        await using (var killed = ServiceProcess.Start(settings))
        {
            using var client = new HttpClient { BaseAddress = await killed.ReadyAsync() };
            id = await client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse", callback_url = url });
            await receiver.WaitAsync(url);
        }

        isUnanswered = false;
        await using var again = ServiceProcess.Start(settings);
        var webhooks = await receiver.WaitAsync(url, count: 2);

        Assert.Equal([$"msg_{id:N}"], webhooks.Select(webhook => webhook.Id).Distinct());
        Assert.Single(webhooks.Select(webhook => webhook.Text).Distinct());
        await Eventually.Async(() => again.Output.Any(line => line.Contains("is delivered to", StringComparison.Ordinal)));
        Assert.DoesNotContain(again.Output.Concat(again.Errors), line =>
            ((string[])["of-the-receiver", WebhookReceiver.NewSecret[6..], WebhookReceiver.OldSecret[6..]]).Any(line.Contains));
        Directory.Delete(settings["IGA_STAGING_DIR"]!, recursive: true);
    }
}
