using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Iga.Staging;

/// <summary>
/// Copies of pictures that this process has just staged elsewhere, so that they are sent on to the bucket without being fetched again.
/// There are few: who finds none reads what is staged.
/// </summary>
internal sealed class StagedCopies : IDisposable
{
    /// <summary>Of all copies, in bytes.</summary>
    private const long Most = 32 << 20;

    /// <summary>An upload that has not begun by then waits for something else.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _copies = new(Options.Create(new MemoryCacheOptions { SizeLimit = Most, TrackStatistics = true }));

    public void Keep(Guid taskId, ReadOnlyMemory<byte> image)
    {
        if (_copies.GetCurrentStatistics()!.CurrentEstimatedSize + image.Length <= Most)
        {
            // Of its own: an upload that was given up may still be reading when the picture's buffer is another one's.
            _copies.Set(taskId, image.ToArray(), new MemoryCacheEntryOptions { Size = image.Length, AbsoluteExpirationRelativeToNow = Lifetime });
        }
    }

    /// <returns>Null where there is no copy.</returns>
    public Stream? Open(Guid taskId) =>
        _copies.TryGetValue(taskId, out byte[]? copy) ? new MemoryStream(copy!, writable: false) : null;

    /// <returns>Whether there was a copy.</returns>
    public bool Forget(Guid taskId)
    {
        var had = _copies.TryGetValue(taskId, out _);
        _copies.Remove(taskId);
        return had;
    }

    public void Dispose() => _copies.Dispose();
}
