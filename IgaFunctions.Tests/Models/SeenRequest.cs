using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Models;

/// <summary>A request as it arrived.</summary>
/// <param name="Target">Path and query, still escaped.</param>
internal sealed record SeenRequest(string Method, string Target, IHeaderDictionary Headers, byte[] Body)
{
    public string Line => $"{Method} {Target}";
}
