namespace Iga.Usage;

/// <summary>
/// Figures that are read once for all who ask for them at that time. What takes long to read is read the less often, so that it costs
/// PostgreSQL and the task hub little however many tasks there are, and whoever asks.
/// </summary>
/// <param name="shortest">Figures that were read in no time are good for that long.</param>
internal sealed class SharedReading<T>(TimeSpan shortest, TimeSpan timeout, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>After a reading none follows for so many times as long as it took.</summary>
    private const int RestAfterReading = 20;

    private readonly Lock _gate = new();
    private Task<T>? _reading;
    private long _read;
    private TimeSpan _rest;

    /// <summary>Waits for a reading that is under way; who has waited enough leaves it to the others.</summary>
    /// <param name="read">Given up when it takes longer than the timeout.</param>
    public Task<T> GetAsync(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (IsOver)
            {
                // The request's log scope must not leak into it.
                using var _ = ExecutionContext.SuppressFlow();
                _reading = Task.Run(() => ReadAsync(read), CancellationToken.None);
            }

            return _reading!.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Whether who asks next has to read anew.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _reading is null || (_reading.IsCompleted && time.GetElapsedTime(_read) >= _rest);
            }
        }
    }

    private async Task<T> ReadAsync(Func<CancellationToken, Task<T>> read)
    {
        var began = time.GetTimestamp();
        var rest = 1; // after a reading that failed: as soon as is possible without doing nothing else
        try
        {
            using var limit = new CancellationTokenSource(timeout);
            var figures = await read(limit.Token);
            rest = RestAfterReading;
            return figures;
        }
        finally
        {
            lock (_gate)
            {
                _read = time.GetTimestamp();
                var took = time.GetElapsedTime(began, _read).Ticks;
                _rest = TimeSpan.FromTicks(Math.Clamp(took * rest, shortest.Ticks, Longest.Ticks));
            }
        }
    }
}
