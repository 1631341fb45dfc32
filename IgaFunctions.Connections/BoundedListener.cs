using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Iga.Connections;

/// <summary>
/// Closes what the <see cref="ConnectionGate"/> refuses before it accepts the next one, so that a crowd of connections never has
/// more descriptors than the gate allows, and one. (Kestrel's own limit takes effect on another thread, later.)
/// </summary>
internal sealed class BoundedListener(IConnectionListener listener, ConnectionGate gate) : IConnectionListener
{
    public EndPoint EndPoint => listener.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await listener.AcceptAsync(cancellationToken) is { } accepted)
        {
            BoundedConnection connection = new(accepted, gate);
            if (gate.TryEnter(connection))
            {
                return connection;
            }

            connection.Abort();
            await connection.DisposeAsync();
        }

        return null; // no longer bound
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => listener.DisposeAsync();
}
