using Iga.Faults;
using Iga.Tracing;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Iga.Telemetry;

/// <summary>Registers what tells about the service's work.</summary>
public static class TelemetryServices
{
    public static IServiceCollection AddIgaTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton<PromptPreview>();
        services.AddSingleton<IgaMetrics>();
        services.AddSingleton<IDependencyObserver>(provider => provider.GetRequiredService<IgaMetrics>());
        services.AddHostedService<FigureInstruments>();

        // Exporters and the rest of it read their own OTEL_… variables.
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("iga").AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddMeter(Instruments.Meters).AddView(Instruments.View));
        if (options is { OtlpEndpoint: not null, ExportsMetrics: true })
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
        }

        if (options is { OtlpEndpoint: not null, ExportsTraces: true })
        {
            telemetry.WithTracing(traces => traces.AddIgaSpans(options.TracedShare).AddOtlpExporter());
        }

        return services;
    }

    /// <summary>The service's spans, and those of HTTP, gRPC (to Durable Functions' engine) and the database driver that belong to them.</summary>
    internal static TracerProviderBuilder AddIgaSpans(this TracerProviderBuilder traces, double share) => traces
        .AddSource(Spans.SourceName, "System.Net.Http", "Grpc.Net.Client", "Npgsql")
        .SetSampler(new TraceSampling(new TraceIdRatioBasedSampler(share)));

    /// <summary>One JSON object a line on stdout, and nothing else there.</summary>
    /// <param name="output">In place of stdout.</param>
    public static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging, Stream? output = null)
    {
        logging.Services.AddSingleton<ILoggerProvider>(provider => new JsonLinesProvider(
            provider.GetRequiredService<TimeProvider>(), output ?? Console.OpenStandardOutput()));
        return logging;
    }

    /// <summary>
    /// For a process whose logs and stdout both reach the Functions host: the app's own lines go to stdout alone, as JSON like
    /// everywhere, and what others log goes to the host alone, from warnings up.
    /// </summary>
    public static ILoggingBuilder AddJsonLinesUnderFunctionsHost(this ILoggingBuilder logging, Stream? output = null) => logging
        .AddJsonLines(output)
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter(nameof(Iga), LogLevel.None)
        .AddFilter<JsonLinesProvider>(null, LogLevel.None)
        .AddFilter<JsonLinesProvider>(nameof(Iga), LogLevel.Information);
}
