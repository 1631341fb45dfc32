using System.Security.Cryptography;
using System.Text;

namespace Iga.Callers;

/// <summary>A key that callers may send, known by its hash alone: the key itself is not kept.</summary>
/// <param name="caller">Who holds it. Two keys may have one name, as while a caller changes from one to the other.</param>
/// <param name="hash">SHA-256 of the key's UTF-8.</param>
internal sealed class ApiKey(Caller caller, byte[] hash)
{
    public Caller Caller => caller;

    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>A key without a name is known by the beginning of its hash, from which nobody finds the key.</summary>
    public static ApiKey Unnamed(byte[] hash) => new(new Caller($"key-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}"), hash);

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
