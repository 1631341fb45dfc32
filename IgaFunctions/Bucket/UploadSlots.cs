using Iga.Queues;

namespace Iga.Bucket;

/// <summary>Bounds how many uploads go on at once: each has a connection and a staged file open. Waiting takes neither.</summary>
internal sealed class UploadSlots
{
    /// <summary>More than a line carries well side by side.</summary>
    public const int Count = 256;

    private readonly FairSlots _slots = new(Count);

    /// <returns>To be disposed when the upload has ended.</returns>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _slots.EnterAsync(static () => "", cancellationToken);
        return new Slot(_slots);
    }

    private sealed class Slot(FairSlots slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}
