using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Webhooks;

/// <summary>The samples of docs/webhooks.md tell genuine webhooks from others, run as they stand there.</summary>
public sealed class WebhookSamplesTests
{
    private const string Python = """
        import json, sys
        print(json.dumps([is_genuine(w["secret"], w["headers"], w["body"].encode()) for w in json.load(sys.stdin)]))
        """;

    private const string Node = """
        const chunks = [];
        for await (const chunk of process.stdin) chunks.push(chunk);
        console.log(JSON.stringify(JSON.parse(Buffer.concat(chunks)).map((w) => isGenuine(w.secret, w.headers, Buffer.from(w.body)))));
        """;

    private static readonly string Page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "webhooks.md"));

    private static readonly bool[] Expected = [true, true, false, false, false];

    [Theory]
    [InlineData("python3", "python", "py", Python)]
    [InlineData("node", "js", "mjs", Node)]
    public async Task A_script_takes_what_was_signed_with_either_key_and_nothing_else(string program, string language, string extension, string runner)
    {
        var folder = Directory.CreateTempSubdirectory("iga-sample-").FullName;
        var file = Path.Combine(folder, $"sample.{extension}");
        await File.WriteAllTextAsync(file, SampleOf(language) + runner);
        try
        {
            Assert.Equal(Expected, JsonSerializer.Deserialize<bool[]>(await RunAsync(program, file, JsonSerializer.Serialize(Given()))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_one_in_csharp_does_too_and_is_the_code_that_is_tested()
    {
        var file = File.ReadAllText(Path.Combine(Sources.Root, "IgaFunctions.Tests", "Webhooks", "SampleReceiver.cs"));

        Assert.Equal(Expected, Given().Select(webhook => SampleReceiver.IsGenuine(webhook.Secret, webhook.Headers, Encoding.UTF8.GetBytes(webhook.Body))));
        Assert.Contains(SampleOf("csharp").Trim(), file.Replace("\n    ", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Webhook[] Given()
    {
        var (now, old) = (DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(-6));
        return
        [
            Sign(WebhookReceiver.NewSecret, now), Sign(WebhookReceiver.OldSecret, now),
            Sign("whsec_" + "YW5vdGhlcidzIGtleSwgYWxzbyBvZiAzMiBieXRlcyE=", now),
            Sign(WebhookReceiver.NewSecret, now) with { Body = "{}" },
            Sign(WebhookReceiver.NewSecret, old),
        ];
    }

    private static Webhook Sign(string receiversSecret, DateTimeOffset at)
    {
        const string body = """{"type":"task.succeeded","data":{"prompt_used":"ö <&> 🗼"}}""";
        var signed = ReceivedWebhook.Signed(Encoding.UTF8.GetBytes(body), at);
        return new Webhook(receiversSecret, signed.Headers, signed.Text);
    }

    private static string SampleOf(string language) => Page.Split($"```{language}\n")[1].Split("```")[0];

    private static async Task<string> RunAsync(string program, string file, string input)
    {
        var run = await ProgramRun.TryAsync(new ProcessStartInfo(program, [file]), input: input);
        Prerequisite.Require(run is not null, $"{program} is not installed");
        return run!.OutputOf(program);
    }

    private sealed record Webhook(
        [property: JsonPropertyName("secret")] string Secret,
        [property: JsonPropertyName("headers")] IReadOnlyDictionary<string, string> Headers,
        [property: JsonPropertyName("body")] string Body);
}
