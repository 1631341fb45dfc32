using System.Net;
using System.Net.Sockets;

namespace Iga.Tests.Fixtures;

internal static class Loopback
{
    /// <returns>A port for a program that can't choose one by itself; nobody has it yet.</returns>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
