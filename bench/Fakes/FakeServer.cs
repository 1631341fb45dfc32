using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Iga.Bench.Fakes;

/// <summary>
/// As little of an HTTP server as the fakes need: requests have a Content-Length, answers are prepared. On bare sockets,
/// since whatever it costs is taken from what is measured: an answer of 1.6 MB goes to the kernel without being copied.
/// </summary>
internal abstract class FakeServer : IAsyncDisposable
{
    private const int Chunk = 256 * 1024;

    /// <summary>
    /// As much of an answer as lies in the kernel while nobody reads it. Else 2,000 answers at once would fill what the
    /// kernel has for all sockets together, and stall both sides: the server is to seem to be on another machine.
    /// </summary>
    public int Unsent { get; set; } = 64 * 1024;

    private const int FirstPart = 4096;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    protected FakeServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(8192);
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        GC.SuppressFinalize(this);
    }

    /// <param name="target">Method and path with query.</param>
    /// <param name="body">The first 4 KB of the body.</param>
    /// <param name="length">How long the body was.</param>
    /// <returns>The whole answer, head and body.</returns>
    protected abstract ValueTask<ReadOnlyMemory<byte>> AnswerAsync(
        string target, ReadOnlyMemory<byte> body, int length, CancellationToken cancellationToken);

    protected static byte[] Json(string status, string body) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Stopped, or the client left before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        socket.NoDelay = true;
        socket.SendBufferSize = Unsent;
        var buffer = new byte[16 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                int head;
                while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, _stop.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    filled += read;
                }

                var headers = Encoding.ASCII.GetString(buffer, 0, head);
                var length = Length(headers);
                buffer.AsSpan(head + 4, filled - head - 4).CopyTo(buffer);
                filled -= head + 4;
                filled = await ReadBodyAsync(socket, buffer, filled, Math.Min(length, FirstPart));
                var body = buffer.AsMemory(0, Math.Min(length, FirstPart)).ToArray();
                filled = await SkipAsync(socket, buffer, filled, length);
                var answer = await AnswerAsync(headers[..headers.IndexOf(" HTTP", StringComparison.Ordinal)], body, length, _stop.Token);
                for (var sent = 0; sent < answer.Length;)
                {
                    sent += await socket.SendAsync(answer[sent..], SocketFlags.None, _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client was killed, or the bench is over.
        }
    }

    private async ValueTask<int> ReadBodyAsync(Socket socket, byte[] buffer, int filled, int wanted)
    {
        while (filled < wanted)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, _stop.Token);
            filled += read > 0 ? read : throw new SocketException((int)SocketError.ConnectionReset);
        }

        return filled;
    }

    /// <summary>Reads what is left of a body of this length.</summary>
    /// <returns>How much of the next request is in the buffer already.</returns>
    private async ValueTask<int> SkipAsync(Socket socket, byte[] buffer, int filled, int length)
    {
        if (filled >= length)
        {
            buffer.AsSpan(length, filled - length).CopyTo(buffer);
            return filled - length;
        }

        var rest = System.Buffers.ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (var left = length - filled; left > 0;)
            {
                var read = await socket.ReceiveAsync(rest.AsMemory(0, Math.Min(left, Chunk)), SocketFlags.None, _stop.Token);
                left -= read > 0 ? read : throw new SocketException((int)SocketError.ConnectionReset);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rest);
        }

        return 0;
    }

    private static int Length(string headers)
    {
        const string Name = "\r\ncontent-length:";
        var at = headers.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return 0;
        }

        var value = headers.AsSpan(at + Name.Length);
        var end = value.IndexOf('\r');
        return int.Parse(end < 0 ? value : value[..end], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
