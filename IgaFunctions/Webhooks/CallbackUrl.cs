using System.Buffers;

namespace Iga.Webhooks;

/// <summary>Which addresses callers may have called: on https, at a host of the list.</summary>
public static class CallbackUrl
{
    public const int MaxLength = 2_000;

    /// <summary>What stands in an address as it is; all else is percent-encoded.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%");

    /// <returns>Null where nothing is; else why it is refused, in words that go on after the field's name.</returns>
    public static string? WhatIsWrong(string url, WebhookOptions options)
    {
        if (!options.IsOn)
        {
            return "is given, but this service sends no webhooks; leave it out and poll the task";
        }

        if (url.Length > MaxLength)
        {
            return $"is {url.Length} characters long; at most {MaxLength} are allowed";
        }

        if (url.AsSpan().ContainsAnyExcept(Plain))
        {
            return "holds a character that has to be percent-encoded in an address";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || AuthorityOf(url) is not { } authority)
        {
            return "must be an address such as https://example.com/hooks/iga";
        }

        // http stands in the list for the receiver of a developer alone.
        var isListed = options.Origins.Contains(OriginOf(uri));
        return uri.Scheme != Uri.UriSchemeHttps && !isListed ? "must begin with https://"
            : authority.Contains('@') ? "must hold no user name or password"
            : url.Contains('#') ? "must have no fragment (#…)"
            : uri.HostNameType is not UriHostNameType.Dns ? "must name its host, not an IP address"
            : isListed ? null
            : options.Origins.Any(origin => origin.StartsWith($"https://{uri.Host}:", StringComparison.Ordinal))
                ? $"names port {uri.Port}, which is not allowed for this host"
            : "names a host that this service does not call; the operator lists those that it does";
    }

    /// <returns><c>https://host:port</c>: all of an address that is shown in logs.</returns>
    public static string OriginOf(Uri url) => $"{url.Scheme}://{url.Host}:{url.Port}";

    private static string? AuthorityOf(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
        {
            return null;
        }

        var end = url.AsSpan(start).IndexOfAny("/?#");
        return end < 0 ? url[start..] : url.Substring(start, end);
    }
}
