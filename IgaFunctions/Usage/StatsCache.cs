namespace Iga.Usage;

/// <summary>The figures of now, read at most once a second for all who ask in this process.</summary>
public sealed class StatsCache(StatsReader reader, TimeProvider time)
{
    /// <summary>A reading that takes longer is given up.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly SharedReading<StatsResponse> _reading = new(TimeSpan.FromSeconds(1), Timeout, time);

    public Task<StatsResponse> GetAsync(DurableTaskClient client, CancellationToken cancellationToken) =>
        _reading.GetAsync(token => reader.ReadAsync(client, token), cancellationToken);
}
