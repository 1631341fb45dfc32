namespace Iga.GoogleCloud;

/// <summary>
/// Bounds how many answers are in memory at once; the others wait in the kernel's buffers. A large one, such as a picture of 4K, takes
/// as much as eight usual ones, so fewer of those are.
/// </summary>
/// <param name="count">Answers in memory, large ones included.</param>
/// <param name="largeCount">Large answers in memory.</param>
internal sealed class ReadingSlots(int count, int largeCount) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);
    private readonly SemaphoreSlim _freeForLarge = new(largeCount, largeCount);

    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Slot(this);
    }

    public void Dispose()
    {
        _free.Dispose();
        _freeForLarge.Dispose();
    }

    /// <summary>Room for one answer; to be disposed when that has left memory.</summary>
    internal sealed class Slot(ReadingSlots slots) : IDisposable
    {
        private bool _isLarge;
        private int _isDisposed;

        /// <summary>
        /// Waits until there is room for a large answer; at once when this is one already. Who waits holds a usual slot, which those
        /// that have a large one don't need any more, so that nobody waits for each other.
        /// </summary>
        public async ValueTask EnlargeAsync(CancellationToken cancellationToken)
        {
            if (!_isLarge)
            {
                await slots._freeForLarge.WaitAsync(cancellationToken);
                _isLarge = true;
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                slots._free.Release();
                if (_isLarge)
                {
                    slots._freeForLarge.Release();
                }
            }
        }
    }
}
