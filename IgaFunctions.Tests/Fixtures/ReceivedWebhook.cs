using System.Text;
using System.Text.Json;
using Iga.Webhooks;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace Iga.Tests.Fixtures;

/// <summary>A POST as a receiver of webhooks got it.</summary>
internal sealed record ReceivedWebhook(string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>One that was signed now, or then, with both keys of <see cref="WebhookReceiver"/>.</summary>
    public static ReceivedWebhook Signed(byte[] body, DateTimeOffset at)
    {
        byte[][] keys = [KeyOf(WebhookReceiver.NewSecret), KeyOf(WebhookReceiver.OldSecret)];
        return new("/", "", new Dictionary<string, string>
        {
            ["webhook-id"] = "msg_1",
            ["webhook-timestamp"] = $"{at.ToUnixTimeSeconds()}",
            ["webhook-signature"] = WebhookSignature.Of("msg_1", at.ToUnixTimeSeconds(), body, keys),
        }, body);
    }

    public static byte[] KeyOf(string secret) => Convert.FromBase64String(secret["whsec_".Length..]);

    /// <summary>A receiver that has this key takes it.</summary>
    public void AssertVerifies(string secret)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in Headers)
        {
            headers[name] = value;
        }

        new StandardWebhook(secret).Verify(Text, headers);
    }
}
