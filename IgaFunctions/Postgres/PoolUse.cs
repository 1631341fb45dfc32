using System.Diagnostics.Metrics;

namespace Iga.Postgres;

/// <summary>
/// How the service's pool of connections is used, from the driver's own measurements. Those are not exported as they are: their tags
/// name the host and the user of every other connection string that the process has used.
/// </summary>
public sealed class PoolUse : IDisposable
{
    private const string PoolTag = "db.client.connection.pool.name";
    private const string StateTag = "db.client.connection.state";

    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _figures = new(StringComparer.Ordinal);

    public PoolUse()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Npgsql" && instrument.Name is "db.client.connection.count" or "db.client.connection.max"
                or "db.client.connection.npgsql.pending_requests" or "db.client.connection.npgsql.timeouts")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Connections that carry a statement.</summary>
    public long Used => Read("db.client.connection.count used");

    /// <summary>Connections that wait for one.</summary>
    public long Idle => Read("db.client.connection.count idle");

    /// <summary>How many there may be.</summary>
    public long Most => Read("db.client.connection.max");

    /// <summary>Statements that wait for a connection.</summary>
    public long Waiting => Read("db.client.connection.npgsql.pending_requests");

    /// <summary>Statements that got none in time, since the process began.</summary>
    public long TimedOut => Read("db.client.connection.npgsql.timeouts");

    public void Dispose() => _listener.Dispose();

    private long Read(string figure)
    {
        lock (_gate)
        {
            _listener.RecordObservableInstruments();
            return _figures.GetValueOrDefault(figure);
        }
    }

    private void Take(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? state = null;
        var isOurs = false;
        foreach (var tag in tags)
        {
            isOurs |= tag.Key == PoolTag && tag.Value is PostgresDataSource.Name;
            state = tag.Key == StateTag ? (string?)tag.Value : state;
        }

        if (!isOurs)
        {
            return;
        }

        var figure = state is null ? instrument.Name : $"{instrument.Name} {state}";
        lock (_gate)
        {
            // What is looked up is told whole; the rest tells of each change.
            _figures[figure] = instrument.IsObservable ? value : _figures.GetValueOrDefault(figure) + value;
        }
    }
}
