using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Iga.Tests.Webhooks;

/// <summary>The sample of docs/webhooks.md, word for word.</summary>
internal static class SampleReceiver
{
    public static bool IsGenuine(string secret, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var (id, timestamp) = (headers["webhook-id"], headers["webhook-timestamp"]);
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture));
        if (age.Duration() > TimeSpan.FromMinutes(5))
        {
            return false;
        }

        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.ASCII.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}");
        return headers["webhook-signature"].Split(' ')
            .Any(given => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), expected));
    }
}
