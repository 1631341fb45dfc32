using System.Globalization;
using System.Net;
using Iga.LocalHost.Functions.Http;
using Iga.Telemetry;
using Iga.Tests.Durable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Callers;

/// <summary>Who reaches the port but has no key can't fill the log.</summary>
public sealed class RefusedStrangersTests : IAsyncLifetime
{
    private const int Requests = RefusedStrangers.MostLines + 20;

    private readonly FakeTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.WebHost.ConfigureKestrel(FunctionServer.Configure).UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_time).AddSingleton<IgaMetrics>().AddSingleton<RefusedStrangers>()
            .AddSingleton(new LocalHost.Functions.FunctionCatalog([]));
        _app = builder.Build();
        _app.MapHttpFunctions("api", keys: null, allowedHosts: []);
        _app.MapGet("/there", () => "it is");
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/nothing", "localhost", 404)]
    [InlineData("DELETE", "/there", "localhost", 405)]
    [InlineData("GET", "/there", "rebound.example", 421)]
    [InlineData("GET", "/there", "no host", 400)]
    public async Task Many_refused_requests_have_a_bounded_number_of_log_lines_and_then_one_that_counts_them(
        string method, string path, string host, int status)
    {
        for (var number = 0; number < Requests; number++)
        {
            using HttpRequestMessage request = new(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation("Host", host);
            using var answer = await _http.SendAsync(request);
            Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        }

        Assert.Equal(RefusedStrangers.MostLines, _log.Count($"Refused with {status}"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _log.Count("20 more requests were refused with IGA_"));
        Assert.Equal(status == 421 ? Requests : 0, Counted());

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _log.Count("more requests were refused"));
    }

    [Fact]
    public void One_kind_of_refusal_does_not_take_the_lines_of_another_and_a_stop_tells_what_is_left()
    {
        var strangers = _app.Services.GetRequiredService<RefusedStrangers>();
        for (var number = 0; number < Requests; number++)
        {
            strangers.Note(404, "IGA_NOT_FOUND", null, "nothing");
        }

        strangers.Note(421, "IGA_WRONG_HOST", "Host", "not ours");
        Assert.Equal(1, _log.Count("Refused with 421"));
        strangers.Dispose();
        Assert.Equal(1, _log.Count("20 more requests were refused with IGA_NOT_FOUND"));
    }

    private long Counted() => _log.Entries
        .Where(entry => entry.Message.StartsWith("iga_request_rejected_count ", StringComparison.Ordinal))
        .Sum(entry => long.Parse(entry.Message.Split(' ')[1], CultureInfo.InvariantCulture));
}
