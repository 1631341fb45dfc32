using System.Buffers;
using Iga.Models;

namespace Iga.GoogleCloud;

/// <summary>An answer's body in a buffer of a pool. Gives back the buffer, and its reading slot, when disposed.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstSize = 64 * 1024;

    private readonly ArrayPool<byte> _pool;
    private readonly IDisposable _slot;
    private readonly int _length;
    private byte[]? _buffer;

    private PooledBody(ArrayPool<byte> pool, byte[] buffer, int length, IDisposable slot) =>
        (_pool, _buffer, _length, _slot) = (pool, buffer, length, slot);

    public Memory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <param name="announced">The Content-Length, if the answer has one.</param>
    /// <param name="limit">The largest body that is accepted, in bytes.</param>
    /// <param name="slot">Taken over by the body if it is returned.</param>
    /// <exception cref="ReplyTooLargeException">The body is, or says that it is, larger than the limit.</exception>
    public static async Task<PooledBody> ReadAsync(
        Stream content, long? announced, int limit, ArrayPool<byte> pool, IDisposable slot, CancellationToken cancellationToken)
    {
        if (announced > limit)
        {
            throw new ReplyTooLargeException(limit);
        }

        // One byte more than announced, so that the end is found without growing.
        var buffer = pool.Rent(announced is { } size ? (int)size + 1 : FirstSize);
        try
        {
            var length = 0;
            for (int read; (read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (length > limit)
                {
                    throw new ReplyTooLargeException(limit);
                }

                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, pool);
                }
            }

            return new(pool, buffer, length, slot);
        }
        catch
        {
            pool.Return(buffer);
            throw;
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
