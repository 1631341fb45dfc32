using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Telemetry;

/// <summary>What OpenTelemetry's exporter sends its data to, by http/protobuf. It reads the spans that it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = [];
    private readonly ConcurrentQueue<string> _metrics = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    /// <summary>The bodies, in which the names of metrics can be read.</summary>
    public string Metrics => string.Concat(_metrics);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            foreach (var span in ReceivedSpan.Read(await BodyAsync(request)))
            {
                receiver._spans.Enqueue(span);
            }
        });
        receiver._app.MapPost("/v1/metrics", async (HttpRequest request) =>
            receiver._metrics.Enqueue(Encoding.Latin1.GetString(await BodyAsync(request))));
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Has a service export to it.</summary>
    public void Receive(IDictionary<string, string?> settings)
    {
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
