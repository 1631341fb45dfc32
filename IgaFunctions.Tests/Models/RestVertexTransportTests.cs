using System.Text;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Models;

public sealed class RestVertexTransportTests : IDisposable
{
    private readonly CountingPool _pool = new();
    private readonly TestTime _time = new();
    private readonly HttpClient _http = GoogleHttp.CreateClient(
        GoogleHttp.CreateHandler(isEmulator: true), Dependency.Model, new NoAuthorization());

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_request_names_project_location_model_and_method_and_carries_no_credentials()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, """{"a":1}"""));
        using var transport = Transport(server.Address);

        using var reply = await transport.PostAsync("imagegeneration@006", "predict", "{}"u8.ToArray(), CancellationToken.None);

        Assert.Equal((200, """{"a":1}""", null), (reply.Status, Text(reply), reply.RetryAfter));
        var request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal(
            "/v1/projects/my-project/locations/global/publishers/google/models/imagegeneration@006:predict", request.Target);
        Assert.Equal("application/json", request.Headers.ContentType);
        Assert.Equal("{}"u8.ToArray(), request.Body);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_base_address_with_a_path_keeps_it()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, "{}"));
        using var transport = Transport(new(server.Address, "/behind/"));

        (await PostAsync(transport)).Dispose();

        Assert.StartsWith("/behind/v1/projects/", server.Requests[0].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_https_the_token_is_sent()
    {
        using var handler = new CapturingHandler();
        using var client = GoogleHttp.CreateClient(handler, Dependency.Model, new BearerAuthorization());
        using var transport = new RestVertexTransport(client, Options(new("https://example.test/")), _time, _pool);

        (await PostAsync(transport)).Dispose();

        var request = Assert.Single(handler.Requests);
        Assert.Equal("Bearer for-vertexai", request.Authorization);
        Assert.Equal("example.test", request.Address?.Host);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("a/b")]
    [InlineData("a:predict#")]
    public async Task An_id_that_would_reach_another_path_is_not_sent(string modelId)
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, "{}"));
        using var transport = Transport(server.Address);

        await Assert.ThrowsAsync<ArgumentException>(
            () => transport.PostAsync(modelId, "predict", "{}"u8.ToArray(), CancellationToken.None));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Retry_After_is_read_as_seconds_or_as_a_date_by_the_clock_of_the_answer()
    {
        var theirs = _time.GetUtcNow() - TimeSpan.FromHours(3);
        var date = (theirs + TimeSpan.FromSeconds(90)).ToString("R");
        var past = (theirs - TimeSpan.FromSeconds(90)).ToString("R");
        RequestDelegate[] answers =
            [Wire.Answer(429, "{}", "7"), Wire.Answer(503, "{}", date), Wire.Answer(503, "{}", past), Wire.Answer(503, "{}", "soon")];
        await using var server = await ScriptedServer.StartAsync([.. answers.Select<RequestDelegate, RequestDelegate>(answer => context =>
        {
            context.Response.Headers.Date = theirs.ToString("R");
            return answer(context);
        })]);
        using var transport = Transport(server.Address);

        var waits = new List<TimeSpan?>();
        for (var i = 0; i < 4; i++)
        {
            using var reply = await PostAsync(transport);
            waits.Add(reply.RetryAfter);
        }

        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(90), TimeSpan.Zero, null], waits);
    }

    [Fact]
    public async Task A_reset_is_told_as_no_answer_and_not_repeated()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Reset, Wire.Answer(200, "{}"));
        using var transport = Transport(server.Address);

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(transport));

        Assert.Single(server.Requests);
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task A_reset_on_a_connection_that_was_used_before_is_not_repeated_behind_our_back()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, "{}"), Wire.Reset, Wire.Answer(200, "{}"));
        using var transport = Transport(server.Address);
        (await PostAsync(transport)).Dispose();

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(transport));

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_no_answer()
    {
        var server = await ScriptedServer.StartAsync(Wire.Reset);
        var address = server.Address;
        await server.DisposeAsync();
        using var transport = Transport(address);

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(transport));
    }

    [Fact]
    public async Task A_stalled_call_ends_when_its_caller_gives_up()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Stall);
        using var transport = Transport(server.Address);
        using var giveUp = new CancellationTokenSource();

        var call = transport.PostAsync("gemini-3.1-flash-image", "generateContent", "{}"u8.ToArray(), giveUp.Token);
        await server.ArrivalAsync();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var transport = Transport(server.Address);

        using var reply = await PostAsync(transport);

        Assert.Equal(302, reply.Status);
        Assert.Single(server.Requests);
    }

    private RestVertexTransport Transport(Uri endpoint) => new(_http, Options(endpoint), _time, _pool);

    private static VertexOptions Options(Uri endpoint) =>
        new(endpoint, "my-project", "global", null, null, new CallTimeouts());

    private static Task<VertexReply> PostAsync(RestVertexTransport transport) => transport.PostAsync(
        "gemini-3.1-flash-image", "generateContent", "{}"u8.ToArray(), CancellationToken.None);

    private static string Text(VertexReply reply) => Encoding.UTF8.GetString(reply.Body.Span);
}
