using System.Buffers;
using System.IO.Compression;
using Iga.Models;

namespace Iga.GoogleCloud;

/// <summary>An answer's body in a buffer of a pool. Gives back the buffer, and its reading slot, when disposed.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstSize = 64 * 1024;

    /// <summary>A larger buffer needs a slot for large answers. Bytes: a picture of 1K, in base64, with room to spare.</summary>
    internal const int LargeSize = 4 << 20;

    private readonly ArrayPool<byte> _pool;
    private readonly ReadingSlots.Slot _slot;
    private readonly int _length;
    private byte[]? _buffer;

    private PooledBody(ArrayPool<byte> pool, byte[] buffer, int length, ReadingSlots.Slot slot, Exception? brokenOff) =>
        (_pool, _buffer, _length, _slot, BrokenOff) = (pool, buffer, length, slot, brokenOff);

    public Memory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>What ended the body before its end; null where it is whole.</summary>
    public Exception? BrokenOff { get; }

    /// <summary>
    /// Reads a body, which may be compressed by gzip, whether or not that was announced: no JSON begins as gzip does. What arrived
    /// before a body broke off, or grew too large, is kept: it may hold the picture.
    /// </summary>
    /// <param name="announced">The Content-Length, if the answer has one.</param>
    /// <param name="limit">The largest body that is accepted, in bytes, and after it is unpacked.</param>
    /// <param name="slot">Taken over by the body.</param>
    public static async Task<PooledBody> ReadAsync(
        Stream content, long? announced, int limit, ArrayPool<byte> pool, ReadingSlots.Slot slot,
        CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is found without growing.
        var first = announced is { } size ? (int)Math.Min(size, limit) + 1 : FirstSize;
        if (first > LargeSize)
        {
            await slot.EnlargeAsync(cancellationToken);
        }

        var buffer = pool.Rent(first);
        var length = 0;
        Stream? unpacked = null;
        try
        {
            for (int read; (read = await (unpacked ?? content).ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (unpacked is null && buffer.AsSpan(0, length) is [0x1F, 0x8B, ..])
                {
                    unpacked = new GZipStream(new PrefixedStream(buffer.AsSpan(0, length).ToArray(), content), CompressionMode.Decompress, leaveOpen: true);
                    length = 0;
                }

                if (length > limit)
                {
                    return new(pool, buffer, limit, slot, new ReplyTooLargeException(limit));
                }

                if (length == buffer.Length)
                {
                    if (length * 2L > LargeSize)
                    {
                        await slot.EnlargeAsync(cancellationToken);
                    }

                    buffer = Grow(buffer, pool);
                }
            }

            return new(pool, buffer, length, slot, null);
        }
        catch (Exception exception)
        {
            return new(pool, buffer, length, slot, exception);
        }
        finally
        {
            if (unpacked is not null)
            {
                await unpacked.DisposeAsync();
            }
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } mine)
        {
            _pool.Return(mine);
            _slot.Dispose();
        }
    }

    private static byte[] Grow(byte[] full, ArrayPool<byte> pool)
    {
        var larger = pool.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        pool.Return(full);
        return larger;
    }
}
