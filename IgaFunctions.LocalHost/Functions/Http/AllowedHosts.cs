using System.Net;

namespace Iga.LocalHost.Functions.Http;

/// <summary>
/// The hosts that requests may be addressed to. A web page can have its own name resolve to 127.0.0.1 and then counts to the browser as a
/// page of this service (DNS rebinding); the name in <c>Host</c> is what gives it away. Addresses in place of a name are always fine: a
/// page gets one into <c>Host</c> only by calling it as a foreign address.
/// </summary>
internal sealed class AllowedHosts
{
    private const string Any = "*";
    private const string AnyBelow = "*.";

    private readonly string[] _names;
    private readonly bool _isAny;

    /// <param name="names">Besides localhost: <c>name</c>, <c>*.name</c> for all names below it, or <c>*</c> for any.</param>
    public AllowedHosts(IEnumerable<string> names)
    {
        _names = [.. names];
        _isAny = _names.Contains(Any);
    }

    /// <returns>Whether it can stand in the list: a name without a port, or a pattern of names.</returns>
    public static bool IsPattern(string text) => text == Any
        || Uri.CheckHostName(text.StartsWith(AnyBelow, StringComparison.Ordinal) ? text[AnyBelow.Length..] : text) == UriHostNameType.Dns;

    /// <param name="host">The header, with or without a port. Empty where there is none, as old clients have it, but no browser.</param>
    public bool Contains(ReadOnlySpan<char> host)
    {
        if (_isAny || host.IsEmpty)
        {
            return true;
        }

        var name = WithoutPort(host);
        if (IPAddress.TryParse(name, out _))
        {
            return true;
        }

        name = name.TrimEnd('.');
        if (IsOrIsBelow(name, "localhost"))
        {
            return true;
        }

        foreach (var allowed in _names)
        {
            if (allowed.StartsWith(AnyBelow, StringComparison.Ordinal)
                ? name.EndsWith(allowed.AsSpan(1), StringComparison.OrdinalIgnoreCase)
                : name.Equals(allowed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOrIsBelow(ReadOnlySpan<char> name, ReadOnlySpan<char> top) =>
        name.EndsWith(top, StringComparison.OrdinalIgnoreCase)
        && (name.Length == top.Length || name[^(top.Length + 1)] == '.');

    // An IPv6 address stands in brackets, and has colons of its own.
    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host[0] == '[' ? host.LastIndexOf("]:") + 1 : host.LastIndexOf(':');
        return colon > 0 ? host[..colon] : host;
    }
}
