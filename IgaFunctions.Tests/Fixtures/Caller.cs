using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Iga.Tests.Fixtures;

/// <summary>Calls the service as CPOA does: posts, joins its base with status_url, polls until SUCCESS or FAILURE.</summary>
internal static class Caller
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(240);

    public static string NewKey() => $"key-{Guid.NewGuid():N}";

    public static Task<HttpResponseMessage> PostAsync(
        this HttpClient client, string key, object body, string? workflowId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Idempotency-Key", key);
        if (workflowId is not null)
        {
            request.Headers.Add("X-Workflow-ID", workflowId);
        }

        return client.SendAsync(request);
    }

    /// <returns>The task id.</returns>
    public static async Task<Guid> SubmitAsync(this HttpClient client, string key, object body, string? workflowId = null)
    {
        using var response = await client.PostAsync(key, body, workflowId);
        var accepted = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, accepted.ToString());
        return accepted.GetProperty("task_id").GetGuid();
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> PollAsync(this HttpClient client, Guid taskId)
    {
        using var response = await client.GetAsync($"/v1/tasks/{taskId}");
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <returns>The body of the first poll that tells the end, or whatever is waited for.</returns>
    public static async Task<JsonElement> WaitAsync(this HttpClient client, Guid taskId, string? forStatus = null)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        var seen = new List<string>();
        while (true)
        {
            (var code, var body) = await client.PollAsync(taskId);
            var status = body.GetProperty("status").GetString()!;
            seen.Add(status);
            var hasEnded = status is "SUCCESS" or "FAILURE";
            Assert.Equal(hasEnded ? HttpStatusCode.OK : HttpStatusCode.Accepted, code);
            if (status == forStatus || (hasEnded && forStatus is null))
            {
                return body;
            }

            Assert.False(hasEnded || timeout.IsCancellationRequested, $"{string.Join(' ', seen.Distinct())}: {body}");
            await Task.Delay(20);
        }
    }

    public static async Task<JsonElement> GenerateAsync(this HttpClient client, string key, object body) =>
        await client.WaitAsync(await client.SubmitAsync(key, body));
}
