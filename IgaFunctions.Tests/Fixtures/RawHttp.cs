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

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n" + body));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        var status = int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);
        return (status, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }
}
