using System.Text;
using System.Xml;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>An error as the XML API tells it.</summary>
/// <param name="Details">What is the matter in this case; null is nothing.</param>
/// <param name="Parameter">Which parameter or header is wrong; null is none.</param>
internal sealed record XmlError(int Status, string Code, string Message, string? Details = null, string? Parameter = null)
{
    public static readonly XmlError Expired = new(400, "ExpiredToken", "Invalid argument.");

    public static readonly XmlError WrongSignature = new(403, "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your Google secret key and signing method.");

    public static XmlError NotEmulated(string what) =>
        new(501, "NotImplemented", "A header or query you provided requested a function that is not implemented.", $"The emulator has no {what}.");

    /// <summary>The same error in the other API's words.</summary>
    public static XmlError Of(ApiException error) => (error.Status, error.Reason) switch
    {
        (_, "ExpiredToken") => Expired,
        (_, "SignatureDoesNotMatch") => WrongSignature,
        (400, _) when IsDigest(error) => new(400, "BadDigest",
            "The Content-MD5 or x-goog-hash you specified did not match what we received.", error.Detail),
        (400, _) => new(400, "InvalidArgument", "Invalid argument.", error.Detail),
        (401, _) => new(401, "AuthenticationRequired", "Authentication required."),
        (403, _) => new(403, "AccessDenied", "Access denied.", error.Detail),
        (404, "notFound") when error.Detail?.Contains("bucket", StringComparison.Ordinal) == true && !IsObject(error) =>
            new(404, "NoSuchBucket", "The specified bucket does not exist."),
        (404, _) => new(404, "NoSuchKey", "The specified key does not exist.", error.Detail),
        (412, _) => new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold."),
        (416, _) => new(416, "InvalidRange", "The requested range cannot be satisfied."),
        (429, _) => new(429, "SlowDown", "Please reduce your request rate."),
        (501, _) => new(501, "NotImplemented", "A header or query you provided requested a function that is not implemented.", error.Detail),
        (503, _) => new(503, "ServiceUnavailable", "Please reduce your request rate."),
        ( >= 500, _) => new(error.Status, "InternalError", "We encountered an internal error. Please try again.", error.Detail),
        _ => new(error.Status, "InvalidRequest", "The request was invalid.", error.Detail),
    };

    public async Task SendAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (Status == 304)
        {
            return;
        }

        var body = Build();
        context.Response.ContentType = "application/xml; charset=UTF-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private byte[] Build()
    {
        using var memory = new MemoryStream();
        using (var xml = XmlWriter.Create(memory, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
        {
            xml.WriteStartElement("Error");
            foreach (var (name, value) in new[] { ("Code", Code), ("Message", Message), ("ParameterName", Parameter), ("Details", Details) })
            {
                if (value is not null)
                {
                    // A name of an object can hold what no XML document can.
                    xml.WriteElementString(name, string.Concat(value.EnumerateRunes().Select(rune =>
                        rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : "\uFFFD")));
                }
            }

            xml.WriteEndElement();
        }

        return memory.ToArray();
    }

    private static bool IsObject(ApiException error) => error.Detail!.StartsWith("No such object", StringComparison.Ordinal);

    private static bool IsDigest(ApiException error) => error.Detail?.Contains("doesn't match calculated", StringComparison.Ordinal) == true;
}
