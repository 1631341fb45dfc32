using System.IO.Compression;
using System.Text;
using Iga.Emulators.Pictures;

namespace Iga.Emulators.Vertex;

/// <summary>
/// A picture's answer in one of the dresses that clients of Vertex AI have met: the picture is whole, and what stands beside it or
/// around it is odd.
/// </summary>
/// <param name="Body">The bytes as they are sent.</param>
internal sealed record DressedAnswer(byte[] Body, string ContentType, bool IsGzip)
{
    private const string Json = "application/json; charset=UTF-8";
    private const int Depth = 5_000;
    private const int SignatureLength = 1024 * 1024;

    /// <summary>A whole picture that is not the one that was asked for.</summary>
    private static readonly Lazy<string> Draft = new(() => Convert.ToBase64String(
        Painter.Paint(new PictureRequest("a draft", "draft", 64, 64, "image/png")).Bytes.Span));

    public static DressedAnswer Build(string dress, bool isPredict, ReadOnlyMemory<byte> picture, string mimeType)
    {
        var data = Convert.ToBase64String(picture.Span);
        var part = Picture(isPredict, data, mimeType);
        var plain = Document(isPredict, Text(isPredict, "Here it is: "), part);
        var body = dress switch
        {
            "surrogate-text" => Document(isPredict, Text(isPredict, @"Here it is \ud83d"), part),
            "broken-utf8" => Document(isPredict, Text(isPredict, "Here it is \u00C3(\u00FF\u00ED\u00A0\u0080"), part),
            "control-characters" => Document(isPredict, Text(isPredict, "Here\0 it\u0001 is\n\u001B"), part),
            "bom" => "\u00EF\u00BB\u00BF" + plain,
            "deep-nesting" => $$"""{"debug":{{new string('[', Depth)}}{{new string(']', Depth)}},{{plain[1..]}}""",
            "stream-array" => $"[{Document(isPredict, Text(isPredict, "Here it is: "))}\n,\r\n{Document(isPredict, part)}\n]",
            "sse" => $"data: {Document(isPredict, Text(isPredict, "Here it is: "))}\r\n\r\ndata: {Document(isPredict, part)}\r\n\r\n",
            "thought-only" => Document(isPredict, Thought(part)),
            "snake-case" => plain.Replace("inlineData", "inline_data", StringComparison.Ordinal).Replace("mimeType", "mime_type", StringComparison.Ordinal),
            "base64url" => Document(isPredict, Picture(isPredict, data.Replace('+', '-').Replace('/', '_').TrimEnd('='), mimeType)),
            "trailing-garbage" => plain + "\n<html>502 Bad Gateway</html>",
            "cut-after-picture" => plain[..(plain.LastIndexOf(data, StringComparison.Ordinal) + data.Length + 1)],
            "broken-picture-first" => Document(isPredict, Picture(isPredict, data[..(data.Length / 8 * 4)], mimeType), part),
            "several-pictures" => Document(isPredict, part, Picture(isPredict, Draft.Value, "image/png")),
            "draft-first" when !isPredict => Document(isPredict, Thought(Picture(isPredict, Draft.Value, "image/png")), part),
            "thought-signature" => Document(isPredict, $"{part[..^1]},\"thoughtSignature\":\"{new string('A', SignatureLength)}\"}}"),
            "max-tokens" => plain.Replace("STOP", "MAX_TOKENS", StringComparison.Ordinal),
            "without-finish" => plain.Replace(",\"finishReason\":\"STOP\"", "", StringComparison.Ordinal),
            _ => plain,
        };

        // A char above stands for a byte, so that what is no UTF-8 can be written.
        var bytes = Encoding.Latin1.GetBytes(body);
        return new(dress == "gzip" ? Gzip(bytes) : bytes, dress == "sse" ? "text/event-stream" : Json, dress == "gzip");
    }

    public async Task SendAsync(HttpContext context, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = Body.Length;
        if (IsGzip)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        await context.Response.Body.WriteAsync(Body, context.RequestAborted);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static string Text(bool isPredict, string text) => $$"""{"{{(isPredict ? "prompt" : "text")}}":"{{text}}"}""";

    private static string Picture(bool isPredict, string data, string mimeType) => isPredict
        ? $$"""{"mimeType":"{{mimeType}}","bytesBase64Encoded":"{{data}}"}"""
        : $$$"""{"inlineData":{"mimeType":"{{{mimeType}}}","data":"{{{data}}}"}}""";

    private static string Thought(string part) => part[..^1] + ",\"thought\":true}";

    private static string Document(bool isPredict, params string[] parts)
    {
        var list = string.Join(',', parts);
        return isPredict ? "{\"predictions\":[" + list + "]}"
            : "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + list + "]},\"finishReason\":\"STOP\"}],"
                + "\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":1290,\"totalTokenCount\":1294}}";
    }
}
