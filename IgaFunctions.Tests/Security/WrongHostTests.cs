using System.Text;
using System.Text.Json;
using Iga.Configuration;
using Iga.LocalHost.Host;
using Iga.Tests.EndToEnd;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Security;

/// <summary>The local host answers for its own names alone: a page whose name was made to mean this machine is told so.</summary>
public sealed class WrongHostTests(WrongHostTests.Fixture fixture) : IClassFixture<WrongHostTests.Fixture>
{
    public static TheoryData<string> Requests =>
    [
        "GET /health", "HEAD /health", "GET /v1/models", "GET /v1/tasks/018f0000-0000-7000-8000-000000000000", "GET /nothing",
        "OPTIONS /generate_image", "DELETE /generate_image", "POST /generate_image",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Whatever_is_asked_of_a_host_that_is_not_ours_is_refused(string request)
    {
        var answer = await SendAsync($"{request} HTTP/1.1\r\nHost: rebound.example:5007\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(421, answer.Status);
        if (!request.StartsWith("HEAD", StringComparison.Ordinal))
        {
            using var body = JsonDocument.Parse(answer.Body);
            Assert.Equal("IGA_WRONG_HOST", body.RootElement.GetProperty("error_code").GetString());
            Assert.Contains("IGA_ALLOWED_HOSTS", body.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("rebound", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_task_is_not_started_for_a_host_that_is_not_ours()
    {
        const string prompt = "a picture for a rebound name";
        var answer = await PostAsync("rebound.example", prompt);
        Assert.Equal(421, answer.Status);
        Assert.Equal(0, await fixture.Service.ScalarAsync<long>(
            "select count(*) from idempotency_keys where effective_request ->> 'prompt' = $1", prompt));

        Assert.Equal(202, (await PostAsync("localhost", prompt)).Status);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost:80", true)]
    [InlineData("localhost.", true)]
    [InlineData("app.localhost:5007", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9:1", true)]
    [InlineData("[::1]", true)]
    [InlineData("[::1]:5007", true)]
    [InlineData("192.0.2.7:5007", true)] // a probe by address
    [InlineData("iga.example.com", true)]
    [InlineData("IGA.Example.com.:443", true)]
    [InlineData("a.inner.example", true)]
    [InlineData("a.b.inner.example:8080", true)]
    [InlineData("iga_service:5007", true)] // a name in a compose file, though none in DNS
    [InlineData("inner.example", false)]
    [InlineData("ainner.example", false)]
    [InlineData("iga.example.com.evil.example", false)]
    [InlineData("evil-iga.example.com", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("evil.example", false)]
    public async Task Ours_are_localhost_addresses_and_the_configured_names(string host, bool isOurs)
    {
        var answer = await SendAsync($"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.Equal(isOurs ? 200 : 421, answer.Status);
    }

    [Theory]
    [InlineData("GET /health HTTP/1.0\r\n\r\n", 200)] // an old client, but no browser
    [InlineData("GET /health HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example\r\n\r\n", 400)]
    [InlineData("GET http://rebound.example/health HTTP/1.1\r\nHost: rebound.example\r\n\r\n", 421)]
    [InlineData("GET http://rebound.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET http://rebound.example/health HTTP/1.0\r\n\r\n", 421)]
    public async Task A_host_that_is_missing_doubled_or_part_of_the_target_opens_no_way(string request, int status)
    {
        Assert.Equal(status, (await SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("http://iga.example.com")]
    [InlineData("iga.example.com:5007")]
    [InlineData("iga.example.com/path")]
    [InlineData("*.*.example")]
    [InlineData("iga.*.com")]
    [InlineData("ok.example, two words")]
    public void A_list_that_could_match_nothing_stops_the_start(string value)
    {
        var error = Assert.Throws<ConfigurationException>(() => Check(value));
        Assert.Contains("IGA_ALLOWED_HOSTS", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("iga, iga.example.com ,*.inner.example")]
    public void A_list_of_names_is_taken(string value) => Check(value);

    private static void Check(string value) => HostConfiguration.Check(
        new ConfigurationBuilder().AddInMemoryCollection([new("IGA_ALLOWED_HOSTS", value)]).Build());

    private Task<RawAnswer> PostAsync(string host, string prompt)
    {
        var body = JsonSerializer.Serialize(new { prompt });
        return SendAsync(
            $"POST /generate_image HTTP/1.1\r\nHost: {host}\r\nX-Idempotency-Key: {Guid.NewGuid()}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private async Task<RawAnswer> SendAsync(string request)
    {
        var answer = await RawExchange.SendAsync(fixture.Service.Client.BaseAddress!, Encoding.ASCII.GetBytes(request));
        return Assert.IsType<RawAnswer>(answer);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal OwnService Service { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Service = await OwnService.StartAsync(settings => settings["IGA_ALLOWED_HOSTS"] = "iga.example.com, *.inner.example, iga_service");

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
