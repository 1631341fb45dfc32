using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Iga.Tests.Fixtures;

/// <summary>Sends header lines just as they are written, which no well-behaved client does.</summary>
internal static class RawHttp
{
    /// <summary>Posts a good body to /generate_image with these header lines, in UTF-8.</summary>
    public static async Task<(int Status, string Body)> PostAsync(HttpClient client, params string[] headers)
    {
        var address = client.BaseAddress!;
        const string body = """{"prompt": "x"}""";
        string[] lines =
        [
            "POST /generate_image HTTP/1.0", $"Host: {address.Authority}",
            $"Content-Length: {body.Length}", .. headers,
            .. client.DefaultRequestHeaders.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"),
        ];

        var answer = await SendAsync(client, string.Join("\r\n", lines) + "\r\n\r\n" + body);
        var status = int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);
        return (status, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    /// <summary>Sends a text, in UTF-8, to where the client sends its requests.</summary>
    /// <returns>All that comes back until the connection is closed.</returns>
    public static async Task<string> SendAsync(HttpClient client, string text)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
