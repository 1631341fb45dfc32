using Microsoft.Net.Http.Headers;

namespace Iga.Http;

/// <summary>What the headers say of the body: it has to be JSON, as it is.</summary>
internal static class RequestMediaType
{
    /// <exception cref="RejectedException">The body is compressed, or something else than JSON.</exception>
    public static void Check(HttpRequest request)
    {
        if (request.Headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding) is { Length: > 0 } encodings
            && encodings.Any(encoding => encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw Unsupported(
                HeaderNames.ContentEncoding,
                "Header Content-Encoding says that the body is compressed; send it as it is, without that header.");
        }

        // Who names no type leaves it to the reader to find out, and the reader takes nothing but JSON. A charset does not count
        // either: JSON has none but UTF-8, which the reader checks.
        if (request.Headers.ContentType is { Count: > 0 } && !IsJson(request.ContentType))
        {
            throw Unsupported(
                HeaderNames.ContentType,
                "Header Content-Type names another type than JSON; send the body as application/json.");
        }
    }

    private static bool IsJson(string? contentType) =>
        string.IsNullOrWhiteSpace(contentType)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
            && (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));

    private static RejectedException Unsupported(string header, string message) =>
        new(StatusCodes.Status415UnsupportedMediaType, ErrorCode.UnsupportedMediaType, message) { Field = header };
}
