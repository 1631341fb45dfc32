using System.Net;
using Npgsql;

namespace Iga.Postgres;

/// <summary>Whether it is made sure that the server is the one that is meant.</summary>
internal static class ServerTrust
{
    /// <summary>A host is on another machine, and no certificate of it is looked at.</summary>
    public static bool IsMissing(NpgsqlConnectionStringBuilder settings) =>
        settings.SslMode < SslMode.VerifyCA && settings.Host?.Split(',').Any(IsElsewhere) == true;

    private static bool IsElsewhere(string host)
    {
        if (host.StartsWith('/') || host.StartsWith('@'))
        {
            return false; // a socket of this machine
        }

        // Of several hosts each may have its port, which .NET reads as part of an IPv6 address in brackets, and not of another.
        var name = IPAddress.TryParse(host, out _) ? host : host.Split(':')[0];
        return !(IPAddress.TryParse(name, out var address)
            ? IPAddress.IsLoopback(address)
            : name.Equals("localhost", StringComparison.OrdinalIgnoreCase));
    }
}
