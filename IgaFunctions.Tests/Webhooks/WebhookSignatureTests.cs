using System.Text.Json;
using Iga.Tests.Fixtures;
using Iga.Tests.RealClients;
using Iga.Webhooks;

namespace Iga.Tests.Webhooks;

/// <summary>The signature, as two verifiers that others wrote see it.</summary>
public sealed class WebhookSignatureTests
{
    private const string Foreign = "whsec_" + "YW5vdGhlcidzIGtleSwgYWxzbyBvZiAzMiBieXRlcyE=";

    // Made with: printf 'msg_1.1700000000.{}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64
    private const string OfNew = "v1,9MD9cBNVnEH68hSFHciPtd0JAThM/nQSPZQa9jzEwyE=";
    private const string OfOld = "v1,j3XaXiHpov+uslOQxM5O0DPAIqePct8c5ZOKt27fjH0=";

    private static readonly byte[] Body = """{"type":"task.failed","timestamp":"2026-11-29T12:00:00.000Z","data":{"a":"ö <&> \"🗼\""}}"""u8.ToArray();

    [Fact]
    public void It_is_the_base64_of_an_hmac_over_id_time_and_body_with_the_newest_key_first()
    {
        Assert.Equal(
            $"{OfNew} {OfOld} {OfOld}",
            WebhookSignature.Of("msg_1", 1_700_000_000, "{}"u8, [ReceivedWebhook.KeyOf(WebhookReceiver.NewSecret), ReceivedWebhook.KeyOf(WebhookReceiver.OldSecret)]));
        Assert.Equal(OfNew, WebhookSignature.Of("msg_1", 1_700_000_000, "{}"u8, [ReceivedWebhook.KeyOf(WebhookReceiver.NewSecret)]));
    }

    [Fact]
    public void The_verifier_for_dotnet_takes_it_with_either_key_and_nothing_that_was_changed()
    {
        var webhook = Sign(DateTimeOffset.UtcNow);

        webhook.AssertVerifies(WebhookReceiver.NewSecret);
        webhook.AssertVerifies(WebhookReceiver.OldSecret);
        Assert.ThrowsAny<Exception>(() => webhook.AssertVerifies(Foreign));
        Assert.ThrowsAny<Exception>(() => (webhook with { Body = [.. Body, (byte)' '] }).AssertVerifies(WebhookReceiver.NewSecret));
        Assert.ThrowsAny<Exception>(() => Sign(DateTimeOffset.UtcNow.AddMinutes(-10)).AssertVerifies(WebhookReceiver.NewSecret));
    }

    [Fact]
    public async Task The_verifier_for_node_takes_it_with_either_key_and_nothing_that_was_changed()
    {
        var webhook = Sign(DateTimeOffset.UtcNow);
        (string Secret, ReceivedWebhook Webhook)[] given =
        [
            (WebhookReceiver.NewSecret, webhook), (WebhookReceiver.OldSecret, webhook), (Foreign, webhook),
            (WebhookReceiver.NewSecret, webhook with { Body = [.. Body, (byte)' '] }),
            (WebhookReceiver.NewSecret, Sign(DateTimeOffset.UtcNow.AddMinutes(-10))),
        ];

        var verdicts = await NodeScript.RunAsync("Webhooks/verify.mjs", new Dictionary<string, string>
        {
            ["WEBHOOKS"] = JsonSerializer.Serialize(given.Select(one => new { secret = one.Secret, headers = one.Webhook.Headers, body = one.Webhook.Text })),
        });

        Assert.Equal(
            ["task.failed", "task.failed", "No matching signature found", "No matching signature found", "Message timestamp too old"],
            verdicts.EnumerateArray().Select(verdict => verdict.GetString()));
    }

    private static ReceivedWebhook Sign(DateTimeOffset at) => ReceivedWebhook.Signed(Body, at);
}
