namespace Iga.Http;

/// <summary>
/// Keeps web pages of others from starting work with their visitors' browsers. Programs that are no browsers send neither of the two
/// headers, and scripts in a page can set neither.
/// </summary>
internal static class ForeignPages
{
    /// <summary>To be called first by every function that changes something.</summary>
    /// <exception cref="RejectedException">A browser sent the request for a page of another origin.</exception>
    public static void Refuse(HttpRequest request)
    {
        var headers = request.Headers;

        // The browser's own judgement counts, where it gives one: it knows the page, while Host may be a name behind a proxy.
        if (headers.TryGetValue("Sec-Fetch-Site", out var site))
        {
            if (site is not ["same-origin" or "none"])
            {
                throw Foreign("Sec-Fetch-Site");
            }
        }
        else if (headers.Origin is { Count: > 0 } origin && !IsOwn(origin, request.Host.Value))
        {
            throw Foreign("Origin");
        }
    }

    // By host and port alone: behind a proxy that ends TLS the page is https and what arrives here is http. "null" is the origin of
    // pages that have none, such as sandboxed frames: foreign.
    private static bool IsOwn(IReadOnlyList<string?> origin, string? host) =>
        origin is [{ } one] && Uri.TryCreate(one, UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
        && page.Authority.Equals(host, StringComparison.OrdinalIgnoreCase);

    private static RejectedException Foreign(string header) => new(
        StatusCodes.Status403Forbidden, ErrorCode.ForeignOrigin,
        $"Header {header} says that a web page of another origin sent this request; the service takes none of those.")
    {
        Field = header,
    };
}
