namespace Iga.Telemetry;

/// <summary>What is told about the service's work.</summary>
/// <param name="LogPrompts">IGA_LOG_PROMPTS: whether logs show the first 50 characters of a prompt.</param>
/// <param name="OtlpEndpoint">OTEL_EXPORTER_OTLP_ENDPOINT; null exports nothing.</param>
/// <param name="ExportsMetrics">OTEL_METRICS_EXPORTER: whether they go there.</param>
/// <param name="ExportsTraces">OTEL_TRACES_EXPORTER: whether they go there; without it no span is made.</param>
/// <param name="TracedShare">OTEL_TRACES_SAMPLER and its argument: the share of tasks whose traces are kept.</param>
public sealed record TelemetryOptions(
    bool LogPrompts, Uri? OtlpEndpoint, bool ExportsMetrics = true, bool ExportsTraces = true, double TracedShare = 1);
