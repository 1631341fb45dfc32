using System.Globalization;
using System.Text.RegularExpressions;

namespace Iga.Emulators.Storage;

/// <summary>
/// What can be told of a signed URL without the signer's key: that it is whole, that its time has come and is not over, and that the headers
/// which it was signed for are there. Whether the signature is right, and so the method and path that it was signed for, can't.
/// </summary>
internal static partial class SignedUrl
{
    private const int LongestSeconds = 604_800;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    public static bool IsSigned(HttpRequest request) => IsV4(request) || IsV2(request);

    /// <exception cref="XmlErrorException">It is not to be answered.</exception>
    public static void Check(HttpRequest request, DateTimeOffset now)
    {
        if (IsV4(request))
        {
            CheckV4(request, now);
        }
        else if (IsV2(request))
        {
            CheckV2(request, now);
        }
    }

    private static bool IsV4(HttpRequest request) =>
        request.Query.ContainsKey("X-Goog-Signature") || request.Query.ContainsKey("X-Goog-Algorithm");

    private static bool IsV2(HttpRequest request) =>
        request.Query.ContainsKey("Signature") || request.Query.ContainsKey("GoogleAccessId");

    private static void CheckV4(HttpRequest request, DateTimeOffset now)
    {
        var algorithm = Required(request, "X-Goog-Algorithm");
        if (algorithm is not ("GOOG4-RSA-SHA256" or "GOOG4-HMAC-SHA256"))
        {
            throw Malformed("X-Goog-Algorithm", $"Unknown algorithm: {algorithm}");
        }

        if (!DateTimeOffset.TryParseExact(
            Required(request, "X-Goog-Date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var date))
        {
            throw Malformed("X-Goog-Date", "It has to have the form YYYYMMDD'T'HHMMSS'Z'.");
        }

        var scope = $"/{date.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}/";
        var credential = Required(request, "X-Goog-Credential");
        if (!CredentialForm().IsMatch(credential) || !credential.Contains(scope, StringComparison.Ordinal))
        {
            throw Malformed("X-Goog-Credential", "It has to have the form SIGNER/YYYYMMDD/LOCATION/storage/goog4_request, of the same day.");
        }

        if (!int.TryParse(Required(request, "X-Goog-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds is 0 or > LongestSeconds)
        {
            throw Malformed("X-Goog-Expires", $"It has to be a number of seconds, 1 to {LongestSeconds}.");
        }

        CheckHeaders(request, Required(request, "X-Goog-SignedHeaders"));
        if (!Required(request, "X-Goog-Signature").All(char.IsAsciiHexDigit))
        {
            throw Malformed("X-Goog-Signature", "Signature was not hex encoded");
        }

        if (date - now > ClockSkew)
        {
            throw new XmlErrorException(new(403, "RequestTimeTooSkewed",
                "The difference between the request time and the server's time is too large."));
        }

        if (now >= date.AddSeconds(seconds))
        {
            var end = date.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
            throw new XmlErrorException(XmlError.Expired with { Details = $"Request signature expired at: {end}" });
        }
    }

    private static void CheckHeaders(HttpRequest request, string signed)
    {
        var names = signed.Split(';');
        if (!names.Contains("host"))
        {
            throw Malformed("X-Goog-SignedHeaders", "It has to contain host.");
        }

        if (names.FirstOrDefault(name => name != "host" && !request.Headers.ContainsKey(name)) is { } missing)
        {
            throw Malformed(missing, "Header was included in signedheaders, but not in the request.");
        }

        // This one decides what the request does, so that no one can sign a URL for one thing and have it do the other.
        if (request.Headers.ContainsKey("x-goog-resumable") && !names.Contains("x-goog-resumable"))
        {
            throw Malformed("x-goog-resumable", "Header was included in the request, but not in signedheaders.");
        }
    }

    private static void CheckV2(HttpRequest request, DateTimeOffset now)
    {
        Required(request, "GoogleAccessId");
        var signature = Required(request, "Signature");
        if (!Convert.TryFromBase64String(signature, new byte[signature.Length], out _))
        {
            throw Malformed("signature", "Signature was not base64 encoded");
        }

        var expires = Required(request, "Expires");
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            throw Malformed("expires", "It has to be a number of seconds since 1970.");
        }

        if (now.ToUnixTimeSeconds() >= seconds)
        {
            throw new XmlErrorException(XmlError.Expired with
            {
                Message = "The provided token has expired.",
                Details = $"Request has expired: {expires}",
            });
        }
    }

    private static string Required(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } value
        ? value
        : throw new XmlErrorException(new(400, "MissingSecurityHeader", "Your request was missing a required header.", Parameter: name));

    private static XmlErrorException Malformed(string parameter, string details) =>
        new(new(400, "MalformedSecurityHeader", "Your request has a malformed header.", details, parameter));

    [GeneratedRegex(@"^[^/]+/\d{8}/[A-Za-z0-9-]+/storage/goog4_request\z")]
    private static partial Regex CredentialForm();
}
