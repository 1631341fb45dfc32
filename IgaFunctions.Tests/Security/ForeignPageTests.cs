using System.Reflection;
using System.Text;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Microsoft.Azure.Functions.Worker;

namespace Iga.Tests.Security;

/// <summary>What a web page of somebody else has its visitors' browsers send is refused, and what they read stays theirs.</summary>
public class ForeignPageTests(Service service) : RejectedRequests(service)
{
    [Theory]
    [InlineData("Origin: https://page.example")]
    [InlineData("Origin: http://localhost:1")]
    [InlineData("Origin: null")]
    [InlineData("Origin:")]
    [InlineData("Origin: http://{own}.page.example")]
    [InlineData("Origin: chrome-extension://{own}")]
    [InlineData("Origin: http://{own}\r\nOrigin: https://page.example")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: something-new")]
    [InlineData("Sec-Fetch-Site:")]
    [InlineData("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: cross-site\r\nOrigin: http://{own}")]
    public async Task A_post_of_a_foreign_page_is_refused_and_leaves_no_trace(string headers)
    {
        var key = NewKey();
        (var status, var body) = await PostAsync(headers, key);
        AssertError(status, body, 403, "IGA_FOREIGN_ORIGIN", headers[..headers.IndexOf(':', StringComparison.Ordinal)]);

        // The key is as new: the same key with another request starts a task.
        using var response = await Client.PostAsync(key, new { prompt = "another" });
        Assert.False(response.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(202, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("Origin: http://{own}")]
    [InlineData("Origin: https://{own}")] // behind a proxy that ends TLS
    [InlineData("Sec-Fetch-Site: same-origin\r\nOrigin: http://{own}")]
    [InlineData("Sec-Fetch-Site: same-origin\r\nOrigin: https://name-before-the-proxy.example")]
    [InlineData("Sec-Fetch-Site: none")]
    public async Task A_post_of_an_own_page_or_of_the_user_is_taken(string headers)
    {
        Assert.SkipWhen(IsOnFunctions && !headers.Contains("Sec-Fetch-Site", StringComparison.Ordinal), "The Functions host changes Host.");
        Assert.Equal(202, (await PostAsync(headers, NewKey())).Status);
    }

    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/healthz")]
    [InlineData("GET", "/readyz")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/v1/tasks/018f0000-0000-7000-8000-000000000000")]
    [InlineData("OPTIONS", "/generate_image")]
    [InlineData("POST", "/generate_image")]
    public async Task No_answer_lets_a_foreign_page_read_it(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", "https://page.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-functions-key, x-idempotency-key, content-type");
        using var response = await Client.SendAsync(request);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.True(method == "GET" || (int)response.StatusCode >= 400, response.ToString());
    }

    [Fact]
    public async Task Every_route_that_changes_something_refuses_foreign_pages_and_other_types_than_json()
    {
        Assert.SkipWhen(IsOnFunctions, "The Functions host has routes of its own.");
        var routes = typeof(IgaServices).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .OfType<HttpTriggerAttribute>()
            .SelectMany(trigger => trigger.Methods!.Select(method => (Method: method.ToUpperInvariant(), trigger.Route)))
            .Where(route => route.Method is not ("GET" or "HEAD")).ToArray();
        Assert.NotEmpty(routes);
        foreach (var (method, route) in routes)
        {
            foreach (var (origin, type, status) in new[] { ("https://page.example", "application/json", 403), (null, "text/plain", 415) })
            {
                using var request = Post("{}", NewKey());
                request.Method = new HttpMethod(method);
                request.RequestUri = new Uri($"/{route}", UriKind.Relative);
                request.Content = new StringContent("{}", Encoding.UTF8, type);
                if (origin is not null)
                {
                    request.Headers.Add("Origin", origin);
                }

                using var response = await Client.SendAsync(request);
                Assert.True((int)response.StatusCode == status, $"{method} {route}: {response}");
            }
        }
    }

    private async Task<(int Status, string Body)> PostAsync(string headers, string key) => await RawHttp.PostAsync(
        Client,
        headers.Replace("{own}", Client.BaseAddress!.Authority, StringComparison.Ordinal),
        "Content-Type: application/json", $"X-Idempotency-Key: {key}");
}
