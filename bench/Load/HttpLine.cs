using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Iga.Bench.Load;

/// <summary>
/// One client's connection: sends a prepared request, reads the answer. Much cheaper than an HttpClient, since what the load
/// costs is taken from the service that is measured. Connects anew when the server has closed the connection.
/// </summary>
internal sealed class HttpLine(Uri address) : IDisposable
{
    private Socket? _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    public async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
                _socket = socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <exception cref="SocketException">The server is not there, or broke the connection.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    public async ValueTask<Answer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        try
        {
            for (var sent = 0; sent < request.Length;)
            {
                sent += await _socket!.SendAsync(request[sent..], SocketFlags.None, cancellationToken);
            }

            _filled = 0;
            int head;
            while ((head = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
            {
                if (!await ReceiveAsync(cancellationToken))
                {
                    throw new IOException("The answer broke off.");
                }
            }

            return await ReadBodyAsync(head, cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<Answer> ReadBodyAsync(int head, CancellationToken cancellationToken)
    {
        var status = Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int code, out _) ? code : 0;
        var headers = Encoding.ASCII.GetString(_buffer, 0, head);
        var start = head + 4;
        var closes = headers.Contains("connection: close", StringComparison.OrdinalIgnoreCase);
        if (headers.Contains("transfer-encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            while (!_buffer.AsSpan(start, _filled - start).EndsWith("0\r\n\r\n"u8))
            {
                await NeedMoreAsync(cancellationToken);
            }

            return Finish(new(status, Unchunk(_buffer.AsSpan(start, _filled - start))), closes);
        }

        var length = Length(headers);
        while (length is null ? await ReceiveAsync(cancellationToken) : _filled < start + length)
        {
            if (length is not null)
            {
                await NeedMoreAsync(cancellationToken);
            }
        }

        return Finish(new(status, _buffer.AsMemory(start, _filled - start)), closes || length is null);
    }

    private Answer Finish(Answer answer, bool closes)
    {
        if (closes)
        {
            Dispose();
        }

        return answer;
    }

    private async ValueTask NeedMoreAsync(CancellationToken cancellationToken)
    {
        if (!await ReceiveAsync(cancellationToken))
        {
            throw new IOException("The answer broke off.");
        }
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _socket!.ReceiveAsync(_buffer.AsMemory(_filled), SocketFlags.None, cancellationToken);
        _filled += read;
        return read > 0;
    }

    private static int? Length(string headers)
    {
        const string Name = "\r\ncontent-length:";
        var at = headers.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var value = headers.AsSpan(at + Name.Length);
        var end = value.IndexOf('\r');
        return int.Parse(end < 0 ? value : value[..end], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }

    private static byte[] Unchunk(ReadOnlySpan<byte> chunks)
    {
        List<byte> body = [];
        while (true)
        {
            var line = chunks.IndexOf("\r\n"u8);
            if (!Utf8Parser.TryParse(chunks[..line], out int size, out _, 'x') || size == 0)
            {
                return [.. body];
            }

            body.AddRange(chunks.Slice(line + 2, size));
            chunks = chunks[(line + 2 + size + 2)..];
        }
    }
}
