using System.Net;
using System.Net.Sockets;
using System.Text;
using Iga.Callers;
using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Functions.Http;
using Iga.LocalHost.Host;
using Iga.Telemetry;
using Iga.Tests.Durable;
using Iga.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iga.Tests.Functions;

/// <summary>HTTP functions as a caller sees them.</summary>
public sealed class HttpFunctionTests : IAsyncLifetime
{
    private readonly LogCapture _logs = new();
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create("Host=/nowhere;Timeout=1");
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_logs);
        builder.WebHost.ConfigureKestrel(FunctionServer.Configure).UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_database).AddSingleton(new Greeting("hello"))
            .AddSingleton<IgaMetrics>().AddSingleton<WrongKeys>().AddSingleton<RefusedStrangers>().AddSingleton<ApiKeys>()
            .AddSingleton(HostConfiguration.Check(new ConfigurationBuilder().AddInMemoryCollection(
                [new("IGA_API_KEYS", "one:the first key of two callers,the-second-key-of-two-callers")]).Build()).App.ApiKeys)
            .AddFunctions(new FunctionCatalog([typeof(HelloFunctions)]), new DurableTaskOptions());
        _app = builder.Build();
        _app.MapHttpFunctions("api", _app.Services.GetRequiredService<ApiKeys>(), allowedHosts: []);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_function_gets_its_services_route_and_client()
    {
        Assert.Equal("hello a/b 7 LocalDurableTaskClient", await _http.GetStringAsync("/api/hello/a%2Fb/7"));
    }

    [Theory]
    [InlineData("x-functions-key", "the-second-key-of-two-callers", null, HttpStatusCode.OK)]
    [InlineData(null, null, "?code=the%20first%20key%20of%20two%20callers", HttpStatusCode.OK)]
    [InlineData("x-functions-key", "the-third-key-of-two-callers", null, HttpStatusCode.Unauthorized)]
    [InlineData("x-functions-key", "", null, HttpStatusCode.Unauthorized)]
    [InlineData("x-functions-key", "the-second-key-of-two-caller", "?code=the-second-key-of-two-callers", HttpStatusCode.Unauthorized)]
    [InlineData(null, null, null, HttpStatusCode.Unauthorized)]
    public async Task A_key_is_needed_where_the_function_says_so(string? header, string? key, string? query, HttpStatusCode expected)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/secret" + query);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, key);
        }

        using var response = await _http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        if (expected != HttpStatusCode.OK)
        {
            await AssertErrorAsync(response, expected, "IGA_UNAUTHORIZED", "x-functions-key");
        }
    }

    [Fact]
    public async Task A_host_that_is_not_ours_is_told_before_the_key_is_looked_at()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/secret");
        request.Headers.Host = "rebound.example";
        using var response = await _http.SendAsync(request);
        await AssertErrorAsync(response, HttpStatusCode.MisdirectedRequest, "IGA_WRONG_HOST", "Host");
    }

    [Fact]
    public async Task An_unknown_route_is_404_in_json()
    {
        using var response = await _http.GetAsync("/hello");
        await AssertErrorAsync(response, HttpStatusCode.NotFound, "IGA_NOT_FOUND", "/hello");
    }

    [Fact]
    public async Task A_wrong_method_is_405_in_json_and_says_what_is_allowed()
    {
        using var response = await _http.DeleteAsync("/api/secret");
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        await AssertErrorAsync(response, HttpStatusCode.MethodNotAllowed, "IGA_METHOD_NOT_ALLOWED", "POST");
    }

    [Fact]
    public async Task A_functions_own_404_is_left_alone()
    {
        using var response = await _http.GetAsync("/api/missing");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/throws")]
    [InlineData("/api/throws-at-once")]
    public async Task An_exception_is_500_says_nothing_and_is_logged_once(string path)
    {
        using var response = await _http.GetAsync(path);

        await AssertErrorAsync(response, HttpStatusCode.InternalServerError, "IGA_INTERNAL_ERROR", "failed unexpectedly");
        Assert.DoesNotContain("secret detail", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, _logs.Count("secret detail"));
    }

    [Fact]
    public async Task Odd_bytes_in_a_header_reach_the_function_and_no_server_is_named()
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.Single()).Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            "GET /api/header HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Odd: a\u00ff\u0080\r\n\r\n"));
        using StreamReader reader = new(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("97 255 128", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string code, string message)
    {
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.True(response.Headers.CacheControl?.NoStore);
        await RejectedRequests.AssertErrorAsync(response, (int)status, code, message);
    }

    internal sealed record Greeting(string Text);

    internal sealed class HelloFunctions(Greeting greeting)
    {
        [Function("Hello")]
        public async Task<IResult> HelloAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hello/{name}/{count}")] HttpRequest request,
            [DurableClient] DurableTaskClient client,
            string name,
            int count,
            CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return TypedResults.Text($"{greeting.Text} {Uri.UnescapeDataString(name)} {count} {client.GetType().Name}");
        }

        [Function("Secret")]
        public static IResult Secret([HttpTrigger(AuthorizationLevel.Function, "post", Route = "secret")] HttpRequest request) =>
            TypedResults.Text(request.Method);

        [Function("Missing")]
        public static IResult Missing([HttpTrigger(AuthorizationLevel.Anonymous, Route = "missing")] HttpRequest request) =>
            TypedResults.NotFound();

        [Function("Throws")]
        public static async Task<IResult> ThrowsAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws")] HttpRequest request)
        {
            await Task.Yield();
            throw new InvalidOperationException("secret detail");
        }

        [Function("throws-at-once")]
        public static IResult ThrowsAtOnce([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            throw new InvalidOperationException("secret detail");

        [Function("Header")]
        public static IResult Header([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "header")] HttpRequest request) =>
            TypedResults.Text(string.Join(' ', request.Headers["X-Odd"].ToString().Select(c => (int)c)));
    }
}
