using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Models;

/// <summary>A server on loopback that answers by a script: one step a request, then the last step for all that follow.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RequestDelegate> _script;
    private readonly RequestDelegate _lastStep;
    private readonly ConcurrentQueue<SeenRequest> _requests = new();
    private readonly SemaphoreSlim _arrivals = new(0);

    private ScriptedServer(WebApplication app, RequestDelegate[] steps)
    {
        _app = app;
        _script = new(steps[..^1]);
        _lastStep = steps[^1];
    }

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    public static async Task<ScriptedServer> StartAsync(params RequestDelegate[] steps)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var server = new ScriptedServer(builder.Build(), steps);
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Waits until one more request has arrived; fails after 30 seconds.</summary>
    public async Task ArrivalAsync() => Assert.True(await _arrivals.WaitAsync(TimeSpan.FromSeconds(30)), "no request arrived");

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
        _arrivals.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue(new(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            new HeaderDictionary(context.Request.Headers.ToDictionary()),
            body.ToArray()));
        _arrivals.Release();
        body.Position = 0;
        context.Request.Body = body;
        await (_script.TryDequeue(out var step) ? step : _lastStep)(context);
    }
}
