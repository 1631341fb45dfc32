using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Iga.Tests.Emulators;

/// <summary>HTTP by hand: what an HttpClient hides is how a connection ends.</summary>
internal static class RawHttp
{
    /// <param name="Text">Everything that arrived, status line and headers included.</param>
    /// <param name="Reset">True for an RST, false for a FIN.</param>
    public sealed record Ending(string Text, bool Reset)
    {
        public string Body => Text.Split("\r\n\r\n", 2) is [_, var body] ? body : "";

        public int Status => int.Parse(Text.Split(' ')[1], CultureInfo.InvariantCulture);

        public int ContentLength => int.Parse(
            Text.Split("Content-Length: ")[1].Split("\r\n")[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Posts and reads until the server ends the connection.</summary>
    /// <param name="headers">Lines that end in CRLF, besides those that every request has.</param>
    /// <param name="receiveBuffer">Bytes; a small one keeps most of an answer on the server's side until it is read.</param>
    public static async Task<Ending> PostAsync(Uri url, string body, string method = "POST", int? receiveBuffer = null, string headers = "")
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        client.ReceiveBufferSize = receiveBuffer ?? client.ReceiveBufferSize;
        await client.ConnectAsync(url.Host, url.Port, deadline.Token);
        var stream = client.GetStream();
        var bytes = Encoding.UTF8.GetBytes(body);
        var received = new MemoryStream();
        var reset = false;
        try
        {
            // In one piece: a second one might meet the reset that answers the first, and hide what came before it.
            await stream.WriteAsync(
                (byte[])[
                    .. Encoding.ASCII.GetBytes(
                        $"{method} {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Length: {bytes.Length}\r\n"
                        + $"Connection: close\r\n{headers}\r\n"),
                    .. bytes,
                ],
                deadline.Token);
            await stream.CopyToAsync(received, deadline.Token);
        }
        catch (IOException exception) when (exception.InnerException is SocketException
        {
            SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown,
        })
        {
            reset = true;
        }

        return new Ending(Encoding.Latin1.GetString(received.ToArray()), reset);
    }
}
