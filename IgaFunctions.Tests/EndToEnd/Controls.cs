using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Iga.Tests.EndToEnd;

/// <summary>Cancels and retries tasks as callers do.</summary>
internal static class Controls
{
    public static Task<(HttpStatusCode Status, JsonElement Body)> CancelAsync(this HttpClient client, Guid taskId) =>
        ControlAsync(client, taskId, "cancel");

    public static Task<(HttpStatusCode Status, JsonElement Body)> RetryAsync(this HttpClient client, Guid taskId) =>
        ControlAsync(client, taskId, "retry");

    public static async Task<JsonElement> DetailsAsync(this HttpClient client, Guid taskId) =>
        (await client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{taskId}?include=details")).GetProperty("details");

    public static void AssertCancelled(JsonElement body) => AssertFailed(body, "task_revoked");

    public static void AssertFailed(JsonElement body, string type)
    {
        Assert.True(body.GetProperty("status").GetString() == "FAILURE", body.ToString());
        var result = body.GetProperty("result");
        Assert.Equal(["error"], result.EnumerateObject().Select(field => field.Name));
        var error = result.GetProperty("error");
        Assert.Equal(["type", "message"], error.EnumerateObject().Select(field => field.Name));
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    public static void AssertError((HttpStatusCode Status, JsonElement Body) answer, int status, string errorCode)
    {
        Assert.True((int)answer.Status == status, $"{answer.Status} {answer.Body}");
        Assert.Equal(errorCode, answer.Body.GetProperty("error_code").GetString());
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ControlAsync(HttpClient client, Guid taskId, string verb)
    {
        using var response = await client.PostAsync($"/v1/tasks/{taskId}/{verb}", null);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
