using System.Net;
using Iga.Callers;
using Iga.Configuration;
using Iga.LocalHost.Functions.Http;
using Iga.LocalHost.Host;
using Iga.Telemetry;
using Iga.Tests.Durable;
using Iga.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Callers;

/// <summary>Callers and strangers behind one address, as through a proxy.</summary>
public sealed class KeyAdmissionTests : IAsyncLifetime
{
    private const string Key = "the-key-of-a-good-caller-1";

    private readonly FakeTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private KeyAdmission _admission = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_time).AddSingleton<IgaMetrics>().AddSingleton<WrongKeys>().AddSingleton<RefusedStrangers>().AddSingleton<KeyAdmission>()
            .AddSingleton<ApiKeys>().AddSingleton(HostConfiguration.Check(
                new ConfigurationBuilder().AddInMemoryCollection([new("IGA_API_KEYS", $"cpoa:{Key}")]).Build()).App.ApiKeys);
        _app = builder.Build();
        _admission = _app.Services.GetRequiredService<KeyAdmission>();
        _app.Run(context => _admission.Admit(context)
            ? context.Response.WriteAsync(Iga.Callers.Caller.Of(context)!.Name)
            : _admission.RefuseAsync(context));
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Strangers_wait_for_their_answers_and_a_valid_key_from_their_address_does_not()
    {
        await UseUpFreeTriesAsync();
        var waiting = Enumerable.Range(0, KeyAdmission.MostWaiting).Select(_ => SendAsync("wrong")).ToArray();
        await Eventually.Async(() => _admission.Waiting == waiting.Length);
        Assert.DoesNotContain(waiting, answer => answer.IsCompleted);

        Assert.Equal((HttpStatusCode.OK, "cpoa", null), await SendAsync(Key));

        // There is no room for more to wait: whoever comes now loses the connection.
        var (status, _, close) = await SendAsync("wrong");
        Assert.Equal((HttpStatusCode.Unauthorized, true), (status, close));

        await Eventually.Async(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return waiting.All(answer => answer.IsCompleted);
        });
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal((HttpStatusCode.Unauthorized, (bool?)null), (answer.Status, answer.Close)));

        // And those that waited made room again.
        var next = SendAsync("wrong");
        await Eventually.Async(() => _admission.Waiting == 1);
        Assert.False(next.IsCompleted);
        await Eventually.Async(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return next.IsCompleted;
        });
    }

    [Fact]
    public async Task Lines_about_an_address_end_where_the_count_of_its_warning_begins()
    {
        await UseUpFreeTriesAsync();
        var further = SendAsync("wrong");
        await Eventually.Async(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return further.IsCompleted;
        });

        Assert.Equal(WrongKeys.FreeTries, _log.Count("IGA_UNAUTHORIZED"));
        Assert.Equal(1, _log.Entries.Count(entry => entry.Level == LogLevel.Warning));
        Assert.Equal(1, _log.Count("1 requests from 127.0.0.1 had no valid API key"));
    }

    private async Task UseUpFreeTriesAsync()
    {
        for (var number = 0; number < WrongKeys.FreeTries; number++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(number % 2 == 0 ? "wrong" : null)).Status);
        }
    }

    private async Task<(HttpStatusCode Status, string Text, bool? Close)> SendAsync(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ConnectionClose);
    }
}
