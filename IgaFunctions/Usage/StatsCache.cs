namespace Iga.Usage;

/// <summary>
/// The figures of now, read at most once a second for all who ask in this process. Where reading them takes long, it is done less often, so
/// that it costs PostgreSQL and the task hub little however many tasks there are.
/// </summary>
public sealed class StatsCache(StatsReader reader, TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>A reading that takes longer is given up.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>After a reading none follows for so many times as long as it took.</summary>
    private const int RestAfterReading = 20;

    private readonly Lock _gate = new();
    private Task<StatsResponse>? _reading;
    private long _read;
    private TimeSpan _rest;

    /// <summary>Waits for a reading that is under way; who has waited enough leaves it to the others.</summary>
    public Task<StatsResponse> GetAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_reading is null || (_reading.IsCompleted && time.GetElapsedTime(_read) >= _rest))
            {
                // The request's log scope must not leak into it.
                using var _ = ExecutionContext.SuppressFlow();
                _reading = Task.Run(() => ReadAsync(client), CancellationToken.None);
            }

            return _reading.WaitAsync(cancellationToken);
        }
    }

    private async Task<StatsResponse> ReadAsync(DurableTaskClient client)
    {
        var began = time.GetTimestamp();
        var rest = 1; // after a reading that failed: as soon as is possible without doing nothing else
        try
        {
            using var timeout = new CancellationTokenSource(Timeout);
            var stats = await reader.ReadAsync(client, timeout.Token);
            rest = RestAfterReading;
            return stats;
        }
        finally
        {
            lock (_gate)
            {
                _read = time.GetTimestamp();
                var took = time.GetElapsedTime(began, _read).Ticks;
                _rest = TimeSpan.FromTicks(Math.Clamp(took * rest, Shortest.Ticks, Longest.Ticks));
            }
        }
    }
}
