using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace Iga.Tests.Fixtures;

/// <summary>A POST as a receiver of webhooks got it.</summary>
internal sealed record ReceivedWebhook(string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Text);

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
