using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;
using Iga.Tests.Security;

namespace Iga.Tests.Telemetry;

public sealed class OpenTelemetryTests
{
    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData("none", null, false, true)]
    [InlineData("otlp", "none", true, false)]
    public async Task The_measurements_and_the_traces_are_exported_over_otlp_unless_they_are_switched_off(
        string? metrics, string? traces, bool hasMetrics, bool hasTraces)
    {
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions());
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, await TestCluster.CreateDatabaseAsync());
        receiver.Receive(settings);
        settings["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        (settings["OTEL_METRICS_EXPORTER"], settings["OTEL_TRACES_EXPORTER"]) = (metrics, traces);

        // A process of its own: OpenTelemetry takes the meters of several services in one for one.
        await using var service = ServiceProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };
        await client.GenerateAsync(Caller.NewKey(), new { prompt = "measured" });

        // What is looked up is told while the service runs.
        await Eventually.Async(() => !hasMetrics || receiver.Metrics.Contains("iga_tasks_in_flight", StringComparison.Ordinal));

        // What is left is exported when the service stops.
        Assert.Equal(0, await service.StopAsync());

        foreach (var name in (string[])
            ["iga_generate_image_request_count", "iga_vertexai_call_latency_ms", "iga_gcs_upload_latency_ms", "iga_task_processing_ms",
                "iga_task_stage_seconds", "iga_tasks_in_flight", "iga_db_connections_used", "iga_lease_lost_count"])
        {
            Assert.Equal(hasMetrics, receiver.Metrics.Contains(name, StringComparison.Ordinal));
        }

        Assert.Equal(hasTraces, receiver.Spans.Any(span => span.Name == "POST /generate_image"));
    }
}
