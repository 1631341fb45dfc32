using Iga.Faults;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

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
        if (options.OtlpEndpoint is not null)
        {
            // The exporter reads its own OTEL_… variables, this one among them.
            services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("iga"))
                .WithMetrics(metrics => metrics.AddMeter(IgaMetrics.MeterName).AddOtlpExporter());
        }

        return services;
    }

    /// <summary>One JSON object a line on stdout, and nothing else there.</summary>
    public static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging)
    {
        logging.Services.AddSingleton<ILoggerProvider>(provider =>
            new JsonLinesProvider(provider.GetRequiredService<TimeProvider>(), Console.OpenStandardOutput()));
        return logging;
    }
}
