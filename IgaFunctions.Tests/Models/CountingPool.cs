using System.Buffers;

namespace Iga.Tests.Models;

/// <summary>A pool that knows how many of its buffers are out, and refuses one that comes back twice.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private readonly HashSet<byte[]> _rented = [];
    private readonly Lock _gate = new();

    public int Out
    {
        get
        {
            lock (_gate)
            {
                return _rented.Count;
            }
        }
    }

    /// <returns>How many of the buffers that are out are larger than so many bytes.</returns>
    public int OutOver(int length)
    {
        lock (_gate)
        {
            return _rented.Count(buffer => buffer.Length > length);
        }
    }

    /// <summary>Whether a buffer that is out has been written to so far. Buffers begin as zeros.</summary>
    public bool IsFilledTo(int length)
    {
        lock (_gate)
        {
            return _rented.Any(buffer => buffer.Length >= length && Volatile.Read(ref buffer[length - 1]) != 0);
        }
    }

    /// <summary>The size of the largest buffer that was ever rented.</summary>
    public int Largest { get; private set; }

    public override byte[] Rent(int minimumLength)
    {
        Largest = Math.Max(Largest, minimumLength);
        var buffer = new byte[minimumLength];
        lock (_gate)
        {
            _rented.Add(buffer);
        }

        return buffer;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        lock (_gate)
        {
            Assert.True(_rented.Remove(array), "a buffer came back twice");
        }
    }
}
