using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Iga.Emulators.Hosting;

/// <summary>What HTTP has no words for: how a TCP connection ends.</summary>
internal static class Wire
{
    /// <summary>
    /// Ends the connection with an RST. What was flushed before has reached the client, up to its receive window.
    /// </summary>
    public static ConnectionEndedException Reset(HttpContext context)
    {
        var socket = Socket(context);
        // Closing with a linger time of zero makes the kernel send RST in place of FIN.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close(0);
        context.Abort();
        return new ConnectionEndedException();
    }

    /// <summary>Ends the connection in order, with a FIN, whatever the answer still owes.</summary>
    /// <exception cref="ConnectionEndedException">Always.</exception>
    public static async Task FinishAsync(HttpContext context)
    {
        Socket(context).Shutdown(SocketShutdown.Send);
        // What was sent may still be on its way, and aborting would drop it: the client, which sees the end, closes first.
        await Task.Delay(TimeSpan.FromSeconds(10), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
        throw new ConnectionEndedException();
    }

    private static Socket Socket(HttpContext context) => context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
}
