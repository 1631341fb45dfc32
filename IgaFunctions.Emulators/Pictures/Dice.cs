using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Iga.Emulators.Pictures;

/// <summary>Numbers that look random and follow from a text (SHA-256, then SplitMix64): the same on every machine.</summary>
internal sealed class Dice(string text)
{
    private ulong _state = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <returns>0 to <paramref name="count"/> - 1.</returns>
    public int Pick(int count) => (int)(Roll() % (ulong)count);

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Pick(choices.Length)];

    public float Between(float from, float to) => from + ((to - from) * (Roll() >> 40) / (1 << 24));

    private ulong Roll()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
