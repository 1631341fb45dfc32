using System.Security.Cryptography;
using System.Text;

namespace Iga.Callers;

/// <summary>Keys that are valid at one time.</summary>
internal sealed class ApiKeySet(IReadOnlyList<ApiKey> keys)
{
    /// <summary>Each needs its place among the metrics, and a comparison with every request.</summary>
    public const int Most = 1000;

    private readonly ApiKey[] _keys = [.. keys];

    public IReadOnlyList<ApiKey> Keys => _keys;

    /// <returns>Who holds the key; null where it is none of these.</returns>
    public Caller? Find(string key)
    {
        // Longer ones are no key of ours, and whoever sends them need not make the service work.
        Span<byte> utf8 = stackalloc byte[ApiKeyEntry.LongestKey];
        if (!Encoding.UTF8.TryGetBytes(key, utf8, out var length))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..length], hash);

        // Hashes of equal length, each compared whole, and all of them: the time tells nothing about the keys.
        Caller? caller = null;
        foreach (var known in _keys)
        {
            caller = CryptographicOperations.FixedTimeEquals(hash, known.Hash) ? known.Caller : caller;
        }

        return caller;
    }
}
