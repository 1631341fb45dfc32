using System.Collections.Concurrent;
using Iga.Models;

namespace Iga.Workflow.Activities;

/// <summary>
/// Pictures that are staged and still in memory, so that they are sent on to the bucket without being read back. There are few: who
/// finds none reads what is staged.
/// </summary>
public sealed class HeldPictures
{
    /// <summary>Of the answers that may be in memory at once the others are left for those who arrive, however slow the bucket is.</summary>
    internal const int Most = 8;

    /// <summary>Bytes of a picture. A larger one has one of the few large buffers.</summary>
    private const int Largest = 3 << 20;

    private readonly ConcurrentDictionary<Guid, HeldPicture> _pictures = [];
    private int _count;

    /// <summary>Takes a picture over, to be let go of by <see cref="LetGo"/>.</summary>
    /// <returns>False where it is not taken: it stays the caller's.</returns>
    public bool TryTake(Guid taskId, GeneratedImage image)
    {
        if (image.Bytes.Length > Largest)
        {
            return false;
        }

        if (Interlocked.Increment(ref _count) <= Most && _pictures.TryAdd(taskId, new HeldPicture(image)))
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <returns>The picture's bytes from the start, seekable, readable until it is let go of; null when it is not held.</returns>
    public Stream? Open(Guid taskId) => _pictures.TryGetValue(taskId, out var held) ? held.Open() : null;

    /// <summary>Gives the picture's memory back; nothing happens when it is not held.</summary>
    public void LetGo(Guid taskId)
    {
        if (_pictures.TryRemove(taskId, out var held))
        {
            held.Dispose();
            Interlocked.Decrement(ref _count);
        }
    }
}
