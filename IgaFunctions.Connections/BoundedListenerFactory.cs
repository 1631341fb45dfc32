using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Iga.Connections;

/// <summary>Kestrel's sockets, behind a <see cref="ConnectionGate"/>.</summary>
internal sealed class BoundedListenerFactory(SocketTransportFactory sockets, ConnectionGate gate) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new BoundedListener(await sockets.BindAsync(endpoint, cancellationToken), gate);
}
