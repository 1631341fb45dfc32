using System.Security.Cryptography;
using System.Text;

namespace Iga.LocalHost.Functions.Http;

/// <summary>The keys that callers may bring, as on Azure: in <c>x-functions-key</c> or as <c>?code=</c>.</summary>
internal sealed class ApiKeys(IEnumerable<string> keys)
{
    private readonly byte[][] _hashes = [.. keys.Select(Hash)];

    public bool Admit(HttpRequest request)
    {
        if (_hashes.Length == 0)
        {
            return true;
        }

        var given = request.Headers.TryGetValue("x-functions-key", out var header) ? header : request.Query["code"];
        if (given is not [{ } key])
        {
            return false;
        }

        // Hashes of equal length, each compared whole, and all of them: the time tells nothing about the keys.
        var hash = Hash(key);
        var known = false;
        foreach (var expected in _hashes)
        {
            known |= CryptographicOperations.FixedTimeEquals(hash, expected);
        }

        return known;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
