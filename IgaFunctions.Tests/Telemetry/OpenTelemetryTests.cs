using System.Text;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.LocalHost.Host;
using Iga.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Telemetry;

public sealed class OpenTelemetryTests
{
    [Fact]
    public async Task The_measurements_are_exported_over_otlp()
    {
        var received = new StringBuilder();
        await using var collector = await StartCollectorAsync(received);
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions());
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, await TestCluster.CreateDatabaseAsync());
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";

        // What is left is exported when the service stops.
        await using (var service = await LocalService.StartAsync(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), _ => { }, default, LogLevel.Critical))
        {
            using var client = new HttpClient { BaseAddress = service.Address };
            await client.GenerateAsync(Caller.NewKey(), new { prompt = "measured" });
        }

        var text = received.ToString();
        Assert.Contains("iga_generate_image_request_count", text, StringComparison.Ordinal);
        Assert.Contains("iga_vertexai_call_latency_ms", text, StringComparison.Ordinal);
        Assert.Contains("iga_gcs_upload_latency_ms", text, StringComparison.Ordinal);
        Assert.Contains("iga_task_processing_ms", text, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartCollectorAsync(StringBuilder received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = builder.Build();
        collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body, Encoding.Latin1);
            var body = await reader.ReadToEndAsync();
            lock (received)
            {
                received.Append(body);
            }
        });
        await collector.StartAsync();
        return collector;
    }
}
