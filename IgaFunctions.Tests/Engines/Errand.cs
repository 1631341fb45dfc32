using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Crashes;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Engines;

/// <summary>
/// A key of a test's own with its prompt, and the task once it was accepted. It comes back as often as it is told to: a service
/// that has just started, that many ask at once, or whose hub was away may say so.
/// </summary>
internal sealed class Errand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public string Key { get; } = Caller.NewKey();

    public string Prompt { get; } = $"a lighthouse {Guid.NewGuid()}";

    /// <summary>Who is told of the end; null is nobody.</summary>
    public string? CallbackUrl { get; private init; }

    public Guid TaskId { get; private set; }

    /// <param name="receiver">Is told of the end of each.</param>
    public static Errand[] Many(int count, WebhookReceiver? receiver = null) =>
        [.. Enumerable.Range(0, count).Select(_ => new Errand { CallbackUrl = receiver?.NewUrl() })];

    public Task<HttpResponseMessage> PostAsync(HttpClient client) =>
        client.PostAsync(Key, new { prompt = Prompt, callback_url = CallbackUrl });

    public async Task SubmitAsync(HttpClient client)
    {
        var accepted = await InsistAsync(() => PostAsync(client), HttpStatusCode.Accepted);
        TaskId = accepted.GetProperty("task_id").GetGuid();
    }

    /// <summary>The task succeeds, and its key has one object.</summary>
    /// <returns>What the poll says that tells so.</returns>
    public async Task<JsonElement> AssertMadeAsync(HttpClient client, Surroundings surroundings)
    {
        var body = await InsistAsync(() => client.GetAsync($"/v1/tasks/{TaskId}"), HttpStatusCode.OK);
        Assert.True(body.GetProperty("status").GetString() == "SUCCESS", body.ToString());
        Assert.True(body.GetProperty("result").TryGetProperty("image_url", out _), body.ToString());
        Assert.Equal(1, surroundings.ObjectsOf(Key));
        return body;
    }

    /// <summary>Sends it until that is the answer: not there yet is 503 or, to a poll, 202.</summary>
    private static async Task<JsonElement> InsistAsync(Func<Task<HttpResponseMessage>> send, HttpStatusCode wanted)
    {
        JsonElement body = default;
        await Waits.UntilAsync(
            async () =>
            {
                using var response = await send();
                body = await response.Content.ReadFromJsonAsync<JsonElement>();
                if (response.StatusCode == wanted)
                {
                    return true;
                }

                Assert.True(
                    response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Accepted,
                    $"{response.StatusCode}: {body}");
                await Task.Delay(Pause);
                return false;
            },
            $"{wanted}");
        return body;
    }
}
