using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Iga.Telemetry;

/// <summary>Which instruments are exported: the service's own, and what .NET tells of the process.</summary>
internal static class Instruments
{
    public static readonly string[] Meters = [IgaMetrics.MeterName, "System.Runtime"];

    private static readonly HashSet<string> OfNet =
        ["dotnet.process.cpu.time", "dotnet.process.memory.working_set", "dotnet.gc.pause.time"];

    public static MetricStreamConfiguration? View(Instrument instrument) =>
        instrument.Meter.Name == IgaMetrics.MeterName || OfNet.Contains(instrument.Name) ? null : MetricStreamConfiguration.Drop;
}
