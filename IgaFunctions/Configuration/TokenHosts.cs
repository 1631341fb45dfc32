using Iga.Models;

namespace Iga.Configuration;

/// <summary>
/// The hosts that are sent Google's access token: Google's own, and those that IGA_GOOGLE_TOKEN_HOSTS names. Whoever is sent the token
/// can use it for an hour for all that the service's account may do.
/// </summary>
internal sealed class TokenHosts
{
    private const string Name = "IGA_GOOGLE_TOKEN_HOSTS";

    private readonly Settings _settings;
    private readonly string[] _trusted;

    public TokenHosts(Settings settings)
    {
        (_settings, _trusted) = (settings, settings.List(Name));
        foreach (var host in _trusted.Where(host => Uri.CheckHostName(host) == UriHostNameType.Unknown))
        {
            settings.Error(Name, host, "must be a list of host names such as vertex.example.com, without scheme, port or wildcard");
        }
    }

    /// <summary>An error for an address that is neither trusted nor on plain http, where no token is sent.</summary>
    /// <param name="variable">The setting that holds the address.</param>
    public void Check(string variable, Uri? address)
    {
        if (address is null || address.Scheme == Uri.UriSchemeHttp || VertexOptions.IsGoogleHost(address.Host)
            || _trusted.Contains(address.Host, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        _settings.Error(variable, address.ToString(),
            $"would be sent Google's access token, and is not Google's; if you trust it with that, set {Name}={address.Host}");
    }
}
