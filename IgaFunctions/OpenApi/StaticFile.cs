using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Iga.OpenApi;

/// <summary>What is the same for everybody who asks, for as long as the process lives.</summary>
/// <param name="encoding">The Content-Encoding; null for none.</param>
internal sealed class StaticFile(byte[] content, string contentType, string? encoding = null)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");

    /// <summary>Answers with it, or with 304 who has it already. It may be kept, but has to be asked for again each time.</summary>
    public IResult Answer(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentEncoding = encoding;
        return Results.Bytes(content, contentType, entityTag: _tag);
    }
}
