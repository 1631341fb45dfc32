using System.IO.Compression;
using Iga.Http;
using Scalar.AspNetCore;

namespace Iga.OpenApi;

/// <summary>
/// The page that shows the document, and its files: our own, and Scalar's script as its package carries it. A browser that has them
/// asks nothing of any other server.
/// </summary>
internal static class DocsFiles
{
    public const string Page = "docs.html";

    private const string Script = "scalar.js";

    // Scalar writes style elements and style attributes. Pictures are those in the document, and those that an attempt is answered with.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, Lazy<StaticFile>> Own = new[] { Page, "docs.js", "docs.css" }
        .ToDictionary(name => name, name => new Lazy<StaticFile>(() => StaticFile.Embedded($"openapi/docs/{name}")));

    /// <summary>5 MB of text, and 1.4 MB as it lies in its package and goes to every browser.</summary>
    private static readonly Lazy<StaticFile> Compressed = new(() => new(ReadScript(), "text/javascript; charset=utf-8", "gzip"));

    private static readonly Lazy<StaticFile> Plain = new(() => new(Expand(ReadScript()), "text/javascript; charset=utf-8"));

    /// <returns>Null where there is no such file.</returns>
    public static IResult? Answer(HttpRequest request, string name)
    {
        var file = name == Script ? (TakesGzip(request) ? Compressed : Plain) : Own.GetValueOrDefault(name);
        if (file is null)
        {
            return null;
        }

        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.Vary = "Accept-Encoding";
        return file.Value.Answer(request.HttpContext.Response);
    }

    private static bool TakesGzip(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding
        .Any(encoding => encoding.Value.Value is "gzip" or "*" && encoding.Quality != 0);

    /// <remarks>The name of the resource is the package's own affair; a test opens the page.</remarks>
    private static byte[] ReadScript()
    {
        using var file = typeof(ScalarOptions).Assembly.GetManifestResourceStream("ScalarStaticAssets.scalar.js")!;
        return Read(file);
    }

    private static byte[] Expand(byte[] compressed)
    {
        using var text = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        return Read(text);
    }

    private static byte[] Read(Stream file)
    {
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }
}
