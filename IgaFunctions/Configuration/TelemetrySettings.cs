using System.Globalization;
using Iga.Telemetry;

namespace Iga.Configuration;

/// <summary>Reads what is told about the service's work. The variables that begin with OTEL_ are OpenTelemetry's own.</summary>
internal static class TelemetrySettings
{
    public static TelemetryOptions Read(Settings settings) => new(
        settings.Boolean("IGA_LOG_PROMPTS") ?? true,
        settings.Address("OTEL_EXPORTER_OTLP_ENDPOINT"),
        IsExported(settings, "OTEL_METRICS_EXPORTER"),
        IsExported(settings, "OTEL_TRACES_EXPORTER"),
        ReadShare(settings));

    private static bool IsExported(Settings settings, string name)
    {
        switch (settings.Text(name)?.ToLowerInvariant())
        {
            case null or "otlp":
                return true;
            case "none":
                return false;
            default:
                settings.Error(name, settings.Text(name)!, "must be otlp or none");
                return true;
        }
    }

    private static double ReadShare(Settings settings)
    {
        const string name = "OTEL_TRACES_SAMPLER";
        var argument = settings.Text("OTEL_TRACES_SAMPLER_ARG");

        // A task's trace has no parent but its own POST, so what says parentbased comes to the same.
        switch (settings.Text(name)?.ToLowerInvariant())
        {
            case null or "always_on" or "parentbased_always_on":
                return 1;
            case "always_off" or "parentbased_always_off":
                return 0;
            case "traceidratio" or "parentbased_traceidratio":
                break;
            default:
                settings.Error(name, settings.Text(name)!,
                    "must be always_on, always_off or traceidratio, or one of them after parentbased_");
                return 1;
        }

        if (argument is null)
        {
            return 1;
        }

        if (double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1)
        {
            return share;
        }

        settings.Error($"{name}_ARG", argument, "must be a number from 0 to 1");
        return 1;
    }
}
