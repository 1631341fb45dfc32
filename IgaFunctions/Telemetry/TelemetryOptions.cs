namespace Iga.Telemetry;

/// <summary>What is told about the service's work.</summary>
/// <param name="LogPrompts">IGA_LOG_PROMPTS: whether logs show the first 50 characters of a prompt.</param>
/// <param name="OtlpEndpoint">OTEL_EXPORTER_OTLP_ENDPOINT; null exports nothing.</param>
public sealed record TelemetryOptions(bool LogPrompts, Uri? OtlpEndpoint);
