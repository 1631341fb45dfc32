using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Iga.Bench.Sites;

/// <summary>
/// The network between a host and its database: passes bytes on, until it is told to reset the connections, to refuse new
/// ones, or to stall.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Link, bool> _links = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _targetPort;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRefusing;

    /// <param name="targetPort">Where the connections lead, on 127.0.0.1.</param>
    public TcpProxy(int targetPort)
    {
        _targetPort = targetPort;
        _open.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks all connections, as a firewall that lost its state would.</summary>
    public void ResetAll()
    {
        foreach (var link in _links.Keys)
        {
            link.Reset();
        }
    }

    /// <summary>Breaks all connections and lets no new one in until <see cref="Resume"/>.</summary>
    public void Refuse()
    {
        _isRefusing = true;
        ResetAll();
    }

    /// <summary>
    /// From now on nothing gets through, in neither direction, and no connection breaks. What is sent meanwhile arrives late:
    /// at <see cref="Resume"/>.
    /// </summary>
    public void Stall()
    {
        if (_open.Task.IsCompleted)
        {
            _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        _isRefusing = false;
        _open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        ResetAll();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The listener was stopped, or the client left before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var link = new Link(client, server);
        _links[link] = true;
        try
        {
            if (_isRefusing)
            {
                link.Reset();
                return;
            }

            (client.NoDelay, server.NoDelay) = (true, true);
            await _open.Task.WaitAsync(_stop.Token);
            await server.ConnectAsync(IPAddress.Loopback, _targetPort, _stop.Token);
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            link.Reset(); // one side broke: so does the other
        }
        finally
        {
            _links.TryRemove(link, out _);
            client.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = await from.ReceiveAsync(buffer, _stop.Token);
            await _open.Task.WaitAsync(_stop.Token);
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
            }
        }
    }

    private sealed record Link(Socket Client, Socket Server)
    {
        /// <summary>Ends both sides with a RST.</summary>
        public void Reset()
        {
            foreach (var socket in (Socket[])[Client, Server])
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0);
                    socket.Close();
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    // It has ended by itself.
                }
            }
        }
    }
}
