namespace Iga.GoogleCloud;

/// <summary>Bounds how many answers are in memory at once; the others wait in the kernel's buffers.</summary>
internal sealed class ReadingSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim free = new(count, count);

    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        return new Slot(free);
    }

    public void Dispose() => free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? held = free;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
