using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Telemetry;

/// <summary>Stands before an emulator and notes the <c>traceparent</c> of each call, or that it has none.</summary>
internal sealed class WatchedCalls : IAsyncDisposable
{
    private static readonly string[] OfTheConnection = ["Transfer-Encoding", "Connection", "Keep-Alive", "Content-Length"];

    private readonly WebApplication _app;
    private readonly HttpClient _emulator;
    private readonly ConcurrentQueue<string?> _traceParents = [];

    private WatchedCalls(WebApplication app, HttpClient emulator) => (_app, _emulator) = (app, emulator);

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyCollection<string?> TraceParents => _traceParents;

    /// <summary>Where it listens, as a span of a call says it.</summary>
    public string Port => new Uri(_app.Urls.Single()).Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes its place between a service and the emulator that a setting names.</summary>
    public static async Task<WatchedCalls> StartAsync(IDictionary<string, string?> settings, string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var emulator = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = new Uri(settings[name]!),
        };
        var calls = new WatchedCalls(builder.Build(), emulator);
        calls._app.Run(calls.PassOnAsync);
        await calls._app.StartAsync();
        settings[name] = calls._app.Urls.Single();
        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _emulator.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        _traceParents.Enqueue(context.Request.Headers.TraceParent.FirstOrDefault());
        var asked = context.Request;
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Path.ToUriComponent() + asked.QueryString);
        request.Headers.Host = asked.Host.Value;
        request.Content = new StreamContent(asked.Body);
        foreach (var header in asked.Headers.Where(header => header.Key != "Host"))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
            {
                request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
            }
        }

        using var response = await _emulator.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key)))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body);
    }
}
