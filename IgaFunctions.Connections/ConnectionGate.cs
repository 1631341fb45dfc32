namespace Iga.Connections;

/// <summary>
/// Bounds how many connections a server has open. A further one takes the place of those that have been without a request for
/// longest, if for over <see cref="Sparing"/>; where all are busy, or that new, it is refused. So sockets that do nothing keep
/// nobody out.
/// </summary>
/// <param name="limit">So many may be open at once.</param>
/// <param name="report">Is told, at most once in <see cref="ReportPause"/>, when connections were refused or ended for the limit.</param>
public sealed class ConnectionGate(int limit, TimeProvider time, Action<GateReport>? report = null) : IDisposable
{
    /// <summary>So long a connection may take for its next request: less, and a crowd of new ones would end each other.</summary>
    internal static readonly TimeSpan Sparing = TimeSpan.FromSeconds(1);

    /// <summary>The first report counts what came with the first refusal, too.</summary>
    internal static readonly TimeSpan FirstReport = TimeSpan.FromSeconds(1);

    internal static readonly TimeSpan ReportPause = TimeSpan.FromMinutes(1);

    // Several make room at once, so that the search is not made for each new connection.
    private const int PartEndedAtOnce = 16;

    private static readonly TimeSpan SearchPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly HashSet<BoundedConnection> _open = [];
    private long? _lastSearchInVain;
    private long? _lastReport;
    private long _refused;
    private long _ended;
    private ITimer? _timer;

    /// <summary>So many are open.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    internal long Now => time.GetTimestamp();

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
        }
    }

    /// <returns>False when the connection is one too many.</returns>
    internal bool TryEnter(BoundedConnection connection)
    {
        BoundedConnection[] toEnd = [];
        bool isIn;
        lock (_lock)
        {
            if (_open.Count >= limit)
            {
                toEnd = FindIdle();
                _open.ExceptWith(toEnd);
                _ended += toEnd.Length;
            }

            isIn = _open.Count < limit && _open.Add(connection);
            _refused += isIn ? 0 : 1;
            if (!isIn || toEnd.Length > 0)
            {
                ScheduleReport();
            }
        }

        foreach (var idle in toEnd)
        {
            idle.Abort();
        }

        return isIn;
    }

    internal void Leave(BoundedConnection connection)
    {
        lock (_lock)
        {
            _open.Remove(connection);
        }
    }

    private BoundedConnection[] FindIdle()
    {
        if (_lastSearchInVain is { } last && time.GetElapsedTime(last) < SearchPause)
        {
            return [];
        }

        var idle = _open.Select(connection => (Connection: connection, Since: connection.IdleSince))
            .Where(one => one.Since is { } since && time.GetElapsedTime(since) > Sparing)
            .OrderBy(one => one.Since)
            .Take(Math.Max(1, limit / PartEndedAtOnce))
            .Select(one => one.Connection)
            .ToArray();
        _lastSearchInVain = idle.Length == 0 ? Now : null;
        return idle;
    }

    private void ScheduleReport()
    {
        if (report is null || _timer is not null)
        {
            return;
        }

        var wait = _lastReport is { } last ? ReportPause - time.GetElapsedTime(last) : FirstReport;
        _timer = time.CreateTimer(
            _ => Report(report), null, wait > FirstReport ? wait : FirstReport, Timeout.InfiniteTimeSpan);
    }

    private void Report(Action<GateReport> tell)
    {
        GateReport seen;
        lock (_lock)
        {
            seen = new GateReport(limit, _refused, _ended);
            (_refused, _ended, _lastReport) = (0, 0, Now);
            _timer?.Dispose();
            _timer = null;
        }

        tell(seen);
    }
}
