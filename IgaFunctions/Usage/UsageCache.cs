namespace Iga.Usage;

/// <summary>What was used in a time, read once for all in this process who ask for the same at that time.</summary>
public sealed class UsageCache(UsageReader reader, TimeProvider time)
{
    /// <summary>So many different questions are remembered.</summary>
    internal const int Most = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<UsageQuery, SharedReading<UsageFigures>> _readings = [];

    /// <summary>Different questions that are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _readings.Count;
            }
        }
    }

    internal Task<UsageFigures> GetAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_readings.TryGetValue(query, out var reading))
            {
                reading = new(TimeSpan.Zero, UsageFunction.Budget, time);
                Forget();
                if (_readings.Count < Most)
                {
                    _readings.Add(query, reading);
                }
            }

            return reading.GetAsync(token => reader.ReadAsync(query, query.Until ?? time.GetUtcNow(), token), cancellationToken);
        }
    }

    private void Forget()
    {
        if (_readings.Count == Most)
        {
            foreach (var over in _readings.Where(reading => reading.Value.IsOver).Select(reading => reading.Key).ToArray())
            {
                _readings.Remove(over);
            }
        }
    }
}
