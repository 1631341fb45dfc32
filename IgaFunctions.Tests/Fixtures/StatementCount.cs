using System.Diagnostics.Metrics;

namespace Iga.Tests.Fixtures;

/// <summary>
/// Counts what this process sends to PostgreSQL, as the driver tells it at once. The server's own figures come up to ten seconds late.
/// </summary>
internal sealed class StatementCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _count;

    public StatementCount()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
        _listener.Start();
    }

    /// <summary>Commands and batches that have ended since this was made.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
