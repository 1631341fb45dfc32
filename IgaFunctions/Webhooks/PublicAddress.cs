using System.Net;
using System.Net.Sockets;

namespace Iga.Webhooks;

/// <summary>
/// Tells addresses of the Internet from those that lead to this machine, its network or its cloud. After the registries of special
/// purpose addresses (https://www.iana.org/assignments/iana-ipv4-special-registry, -ipv6-special-registry).
/// </summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])
        [
            "0.0.0.0/8", // this network
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
            "100.64.0.0/10", // shared by providers (CGNAT)
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, and with it the metadata of clouds
            "168.63.129.16/32", // Azure's own server, as each of its machines sees it
            "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", // protocols, relays of 6to4, measuring
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
            "224.0.0.0/4", "240.0.0.0/4", // multicast, reserved, broadcast
        ]).Select(IPNetwork.Parse),
    ];

    /// <summary>All that is handed out on the Internet. Outside lie loopback, link-local, ULA, multicast, mapped IPv4 and NAT64.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic6 =
    [
        .. ((string[])
        [
            "2001::/23", // protocols: Teredo, ORCHID, measuring
            "2001:db8::/32", "3fff::/20", // documentation
            "2002::/16", // 6to4, which holds an IPv4 address
        ]).Select(IPNetwork.Parse),
    ];

    public static bool Is(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(NotPublic, network => network.Contains(address)),

        // Asked for first: IPNetwork takes a mapped address for its IPv4 part and finds 10.0.0.1 in 2000::/3.
        AddressFamily.InterNetworkV6 when address.IsIPv4MappedToIPv6 => false,
        AddressFamily.InterNetworkV6 => Global6.Contains(address) && !Array.Exists(NotPublic6, network => network.Contains(address)),
        _ => false,
    };
}
