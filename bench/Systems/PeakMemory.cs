namespace Iga.Bench.Systems;

/// <summary>Looks every quarter of a second how much memory processes use, and keeps the most.</summary>
internal sealed class PeakMemory : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;
    private long _peak;

    public PeakMemory(IReadOnlyList<int> roots) => _looking = LookAsync(roots);

    /// <summary>Megabytes.</summary>
    public double Megabytes => Volatile.Read(ref _peak) / 1e6;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync(IReadOnlyList<int> roots)
    {
        while (!_stop.IsCancellationRequested)
        {
            Volatile.Write(ref _peak, Math.Max(_peak, ProcessUsage.Of(roots).Memory));
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
