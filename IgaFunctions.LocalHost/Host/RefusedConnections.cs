using Iga.Connections;
using Iga.Telemetry;

namespace Iga.LocalHost.Host;

/// <summary>Tells whoever runs the service that its limit of connections was reached.</summary>
internal sealed class RefusedConnections(ILogger<RefusedConnections> logger, IgaMetrics metrics)
{
    public void Report(GateReport report)
    {
        logger.LogWarning(
            "{Refused} connections were refused, and {Ended} without a request ended, since no more than {Limit} may be open at once "
            + "(IGA_MAX_CONNECTIONS)",
            report.Refused, report.Ended, report.Limit);
        metrics.ConnectionsRefused(report.Refused, report.Ended);
    }
}
