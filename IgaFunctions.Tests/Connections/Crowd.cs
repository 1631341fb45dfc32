using System.Net;
using System.Net.Sockets;

namespace Iga.Tests.Connections;

/// <summary>Many sockets that are opened to a server and do nothing.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly List<Socket> _sockets = [];

    /// <returns>Those that the server ended are among them.</returns>
    public async Task OpenAsync(int port, int count)
    {
        for (var each = 0; each < count; each++)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
            }
            catch (SocketException)
            {
                // Refused so early is refused as well.
            }
        }
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
