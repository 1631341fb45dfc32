using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Iga.Webhooks;

/// <summary>Signs as Standard Webhooks says (https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0).</summary>
internal static class WebhookSignature
{
    /// <param name="id">Of the message; without a dot, which separates the signed parts.</param>
    /// <param name="unixSeconds">When this attempt is made.</param>
    /// <returns>
    /// The header's value: <c>v1,</c> and the base64 of the HMAC-SHA256 for each key, in their order. Of several, the last one stands there twice:
    /// the verifier for .NET that receivers take from NuGet (StandardWebhooks 1.1.2) never looks at the last of several.
    /// </returns>
    public static string Of(string id, long unixSeconds, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> keys)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        byte[] signed = [.. head, .. body];
        string[] signatures = [.. keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}")];
        return string.Join(' ', signatures.Length > 1 ? [.. signatures, signatures[^1]] : signatures);
    }
}
