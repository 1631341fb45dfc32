using Microsoft.AspNetCore.Http.Features;

namespace Iga.Emulators.Hosting;

/// <summary>
/// A request's path, split before it is unescaped. Object names and model ids hold escaped slashes and at-signs, which the
/// server's own decoding of the path would confuse.
/// </summary>
/// <param name="Segments">Unescaped, without empty ones at the start and end.</param>
/// <param name="Path">As it was sent, still escaped.</param>
internal sealed record RequestTarget(string[] Segments, string Path)
{
    public static RequestTarget Of(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // Absolute form, as proxies send it.
        if (raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            raw = raw.IndexOf('/', "http://".Length) is var slash and > 0 ? raw[slash..] : "/";
        }

        var path = raw.Split('?', 2)[0];
        return new([.. path.Trim('/').Split('/').Select(Uri.UnescapeDataString)], path);
    }

    /// <returns>The segments after these, or null when the path begins differently.</returns>
    public string[]? After(params ReadOnlySpan<string> prefix) =>
        Segments.AsSpan().StartsWith(prefix) ? Segments[prefix.Length..] : null;
}
