using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Iga.Tests.Security;

/// <summary>Bytes over a connection, and what comes back: what no HTTP client would send.</summary>
internal static class RawExchange
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <param name="endsSending">Whether the server is told that no more comes; else it may wait for the rest.</param>
    /// <returns>The first answer, null when the server closed the connection without one.</returns>
    public static async Task<RawAnswer?> SendAsync(Uri address, ReadOnlyMemory<byte> request, bool endsSending = false)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, deadline.Token);
        try
        {
            for (var sent = 0; sent < request.Length;)
            {
                sent += await socket.SendAsync(request[sent..], deadline.Token);
            }

            if (endsSending)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // Refused before all of it was sent: the answer may have been sent all the same.
        }

        return await ReadAsync(socket, deadline.Token, isHead: request.Span.StartsWith("HEAD "u8));
    }

    /// <summary>Reads one answer, to the end that its headers tell.</summary>
    /// <param name="isHead">Whether the request was a HEAD: the length is told, and no body follows.</param>
    public static async Task<RawAnswer?> ReadAsync(Socket socket, CancellationToken cancellationToken, bool isHead = false)
    {
        using var received = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer, cancellationToken)) > 0)
            {
                received.Write(buffer, 0, read);
                if (Parse(Encoding.Latin1.GetString(received.ToArray()), isHead, isWhole: false) is { } answer)
                {
                    return answer;
                }
            }
        }
        catch (SocketException)
        {
            // A reset after the answer takes nothing away from it.
        }

        return Parse(Encoding.Latin1.GetString(received.ToArray()), isHead, isWhole: true);
    }

    private static RawAnswer? Parse(string text, bool isHead, bool isWhole)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var head = text[..end];
        var body = text[(end + 4)..];
        if (isHead)
        {
            return Answer("");
        }

        if (Header(head, "Transfer-Encoding") is not null)
        {
            return !isWhole && !body.EndsWith("0\r\n\r\n", StringComparison.Ordinal) ? null : Answer(Unchunk(body));
        }

        var length = int.Parse(Header(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        return body.Length < length && !isWhole ? null : Answer(body[..Math.Min(length, body.Length)]);

        RawAnswer Answer(string content) => new(
            int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), head, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(content)));
    }

    private static string? Header(string head, string name) => head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    private static string Unchunk(string body)
    {
        var content = new StringBuilder();
        for (var at = 0; at < body.Length;)
        {
            var line = body.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (line < 0 || !int.TryParse(body[at..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) || size == 0)
            {
                break;
            }

            content.Append(body, line + 2, Math.Min(size, body.Length - line - 2));
            at = line + 2 + size + 2;
        }

        return content.ToString();
    }
}
