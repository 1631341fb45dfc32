using OpenTelemetry.Metrics;

namespace Iga.Telemetry.Prometheus;

/// <summary>Registers what <c>/metrics</c> reads.</summary>
internal static class PrometheusServices
{
    public static IServiceCollection AddPrometheus(this IServiceCollection services) => services
        .AddSingleton<ScrapeReader>()
        .ConfigureOpenTelemetryMeterProvider((provider, metrics) => metrics.AddReader(provider.GetRequiredService<ScrapeReader>()));
}
