using System.Buffers;

namespace Iga.Tests.Models;

/// <summary>A pool that knows how many of its buffers are out, and refuses one that comes back twice.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private readonly HashSet<byte[]> rented = [];
    private readonly Lock gate = new();

    public int Out
    {
        get
        {
            lock (gate)
            {
                return rented.Count;
            }
        }
    }

    public override byte[] Rent(int minimumLength)
    {
        var buffer = new byte[minimumLength];
        lock (gate)
        {
            rented.Add(buffer);
        }

        return buffer;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        lock (gate)
        {
            Assert.True(rented.Remove(array), "a buffer came back twice");
        }
    }
}
