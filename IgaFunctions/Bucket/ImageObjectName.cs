using System.Security.Cryptography;
using System.Text;

namespace Iga.Bucket;

/// <summary>
/// The name of a key's object. It follows from the key and the request alone, so that a key can't have two objects, and
/// nothing of the caller's text stands in it.
/// </summary>
public static class ImageObjectName
{
    private const int HexDigits = 16;

    /// <param name="prefix">Ends in a slash.</param>
    /// <param name="fingerprint">The request's fingerprint, at least 16 hex digits.</param>
    /// <returns><c>{prefix}iga_req_{hash of the key}_{request fingerprint}.{extension}</c>.</returns>
    public static string For(string prefix, string idempotencyKey, string fingerprint, string extension)
    {
        var keyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey)));
        return $"{prefix}iga_req_{keyHash[..HexDigits]}_{fingerprint[..HexDigits]}.{extension}";
    }
}
