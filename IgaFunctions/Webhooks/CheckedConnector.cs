using System.Net;
using System.Net.Sockets;

namespace Iga.Webhooks;

/// <summary>
/// Looks a host's addresses up, refuses it if a single one of them is not public, and connects to just those that were checked: a name that is
/// looked up again for the connection could lead elsewhere by then.
/// </summary>
internal class CheckedConnector
{
    /// <summary>The only host without an address of the Internet: the receiver of a developer, where IGA_WEBHOOK_HOSTS names it.</summary>
    public const string Loopback = "localhost";

    private const int MostAddresses = 4;
    private static readonly TimeSpan PatienceForEach = TimeSpan.FromSeconds(3);

    /// <exception cref="AddressNotAllowedException">One of the addresses is not public.</exception>
    /// <exception cref="SocketException">None of them could be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        IPAddress[] addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        if (host != Loopback)
        {
            addresses = await ResolveAsync(host, cancellationToken);
            if (addresses.Length == 0 || !Array.TrueForAll(addresses, IsAllowed))
            {
                throw new AddressNotAllowedException();
            }
        }

        Exception? failure = null;
        foreach (var address in addresses.Take(MostAddresses))
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failure = exception;
            }
        }

        throw failure!;
    }

    protected virtual Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(host, cancellationToken);

    protected virtual bool IsAllowed(IPAddress address) => PublicAddress.Is(address);

    private static async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(PatienceForEach);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, patience.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
