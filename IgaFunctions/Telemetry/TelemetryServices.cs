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
