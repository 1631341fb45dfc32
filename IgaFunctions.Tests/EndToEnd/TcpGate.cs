using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Iga.Tests.EndToEnd;

/// <summary>
/// A port in front of another one: lets everything through, refuses connections, or takes them and swallows every byte, as a
/// network that is cut off does.
/// </summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<Socket, bool> _sockets = [];
    private TcpListener _listener;
    private volatile bool _isStalled;

    private TcpGate(IPEndPoint target)
    {
        _target = target;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public static TcpGate To(string host, int port) => new(new IPEndPoint(IPAddress.Parse(host), port));

    /// <summary>From now on connections are refused; those that were there are reset.</summary>
    public void Refuse()
    {
        _listener.Stop();
        ResetAll();
    }

    /// <summary>From now on no byte gets through in either direction.</summary>
    public void Stall() => _isStalled = true;

    /// <summary>Lets everything through again; connections of the time before are reset.</summary>
    public void Open()
    {
        _isStalled = false;
        _listener.Stop();
        ResetAll();
        _listener = Listen(Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        ResetAll();
        _closed.Dispose();
    }

    private TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start(512);
        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(_closed.Token);
                _sockets[socket] = true;
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(Socket from)
    {
        using var to = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        from.NoDelay = true;
        _sockets[to] = true;
        try
        {
            await to.ConnectAsync(_target, _closed.Token);
            await Task.WhenAny(PumpAsync(from, to), PumpAsync(to, from));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two sides is gone.
        }
        finally
        {
            Reset(from);
            Reset(to);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _closed.Token)) > 0)
            {
                if (!_isStalled)
                {
                    await to.SendAsync(buffer.AsMemory(0, read), _closed.Token);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Both sides are reset by the one who waits for this.
        }
    }

    private void ResetAll()
    {
        foreach (var socket in _sockets.Keys)
        {
            Reset(socket);
        }
    }

    private void Reset(Socket socket)
    {
        _sockets.TryRemove(socket, out _);
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was closed before.
        }
    }
}
