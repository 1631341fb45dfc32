using System.Net;
using System.Net.Sockets;

namespace Iga.LocalHost.Functions.Http;

/// <summary>What one sender has: an IPv4 address, or the /64 of an IPv6 address, since a single customer is given all of that.</summary>
internal static class AddressBlock
{
    /// <param name="address">The connection's, never one that a header tells: any caller can write those.</param>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "an unknown address";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
