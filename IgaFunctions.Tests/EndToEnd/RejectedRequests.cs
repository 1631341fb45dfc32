using System.Text;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Requests that are to be refused, and what a refusal looks like.</summary>
public abstract class RejectedRequests(Service service)
{
    protected HttpClient Client => service.Client;

    protected bool IsOnFunctions => service.IsOnFunctions;

    protected async Task AssertRefusedAsync(HttpRequestMessage request, int status, string errorCode, string message)
    {
        using var response = await Client.SendAsync(request);
        await AssertErrorAsync(response, status, errorCode, message);
    }

    /// <param name="message">What the message says among others.</param>
    internal static async Task AssertErrorAsync(HttpResponseMessage response, int status, string errorCode, string message = "")
    {
        AssertError((int)response.StatusCode, await response.Content.ReadAsStringAsync(), status, errorCode, message);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    protected static void AssertError(int actualStatus, string body, int status, string errorCode, string message)
    {
        Assert.True(actualStatus == status, $"{actualStatus}: {body}");
        using var document = JsonDocument.Parse(body);
        Assert.Equal(["error_code", "message"], document.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal(errorCode, document.RootElement.GetProperty("error_code").GetString());
        Assert.Contains(message, document.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    protected static HttpRequestMessage Post(string body, params string[] keys)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var key in keys)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("X-Idempotency-Key", key));
        }

        return request;
    }

    protected static string NewKey() => $"refused-{Guid.NewGuid():N}-";
}
