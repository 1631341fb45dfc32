using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Iga.Http;

/// <summary>What is the same for everybody who asks, for as long as the process lives.</summary>
/// <param name="encoding">The Content-Encoding; null for none.</param>
internal sealed class StaticFile(byte[] content, string contentType, string? encoding = null)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");

    /// <param name="resource">A file that is embedded in the app.</param>
    public static StaticFile Embedded(string resource)
    {
        using var stream = typeof(StaticFile).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new(content, TypeOf(resource));
    }

    /// <summary>
    /// Answers with it, or with 304 who has it already. It may be kept, but has to be asked for again each time: a new version shows at once.
    /// </summary>
    public IResult Answer(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentEncoding = encoding;
        return Results.Bytes(content, contentType, entityTag: _tag);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No content type is known for {other}, of {name}."),
    };
}
