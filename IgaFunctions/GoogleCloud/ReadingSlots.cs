namespace Iga.GoogleCloud;

/// <summary>Bounds how many answers are in memory at once; the others wait in the kernel's buffers.</summary>
internal sealed class ReadingSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);

    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Slot(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _held = free;

        public void Dispose() => Interlocked.Exchange(ref _held, null)?.Release();
    }
}
