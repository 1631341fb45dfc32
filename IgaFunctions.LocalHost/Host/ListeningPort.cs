using System.Net;
using System.Net.Sockets;

namespace Iga.LocalHost.Host;

/// <summary>The port that the service is to listen on.</summary>
internal static class ListeningPort
{
    private const int Alternatives = 20;

    /// <summary>Looks whether it is free, before anything is started that would have to be stopped again.</summary>
    /// <param name="port">0, which is any free one, passes.</param>
    /// <exception cref="PortTakenException">It is not.</exception>
    /// <exception cref="SocketException">This user may not listen there, or the address is not this machine's.</exception>
    public static void Check(IPAddress address, int port)
    {
        if (port != 0 && !IsFree(address, port))
        {
            throw Taken(address, port);
        }
    }

    /// <returns>What to throw when it turned out to be taken.</returns>
    public static PortTakenException Taken(IPAddress address, int port) => new(
        address, port, Enumerable.Range(port + 1, Alternatives).FirstOrDefault(other => other <= IPEndPoint.MaxPort && IsFree(address, other)));

    private static bool IsFree(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
