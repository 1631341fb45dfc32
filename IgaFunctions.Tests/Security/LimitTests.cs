using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Security;

/// <summary>Limits hold before anything is read or allocated for what exceeds them.</summary>
public sealed class LimitTests(Service service)
{
    private const int TooMuch = 300 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("262145")]
    [InlineData("10000000000")]
    [InlineData("9223372036854775807")]
    public async Task A_body_that_is_announced_as_too_large_is_refused_before_any_of_it_is_sent(string length)
    {
        AssertTooLarge(await PostAsync($"Content-Length: {length}", []));
    }

    [Theory]
    [InlineData("400")]
    [InlineData("7fffffff")]
    public async Task A_body_of_unknown_length_is_refused_once_it_is_too_large_though_it_never_ends(string chunkSize)
    {
        var size = Convert.ToInt32(chunkSize, 16);
        var body = new MemoryStream();
        while (body.Length < TooMuch)
        {
            body.Write(Encoding.ASCII.GetBytes($"{chunkSize}\r\n{new string(' ', Math.Min(size, TooMuch))}\r\n"));
        }

        AssertTooLarge(await PostAsync("Transfer-Encoding: chunked", body.ToArray()));
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused_before_they_end()
    {
        var answer = await PostAsync($"X-Huge: {new string('h', 40 * 1024)}", [], endOfHeaders: "");
        Assert.Equal(431, answer?.Status);
    }

    private static void AssertTooLarge(RawAnswer? answer)
    {
        Assert.NotNull(answer);
        using var body = JsonDocument.Parse(answer.Body);
        Assert.Equal((413, "IGA_PAYLOAD_TOO_LARGE"), (answer.Status, body.RootElement.GetProperty("error_code").GetString()));
    }

    /// <summary>Sends so much and then waits: whoever wants the rest before it answers never does.</summary>
    private async Task<RawAnswer?> PostAsync(string header, byte[] body, string endOfHeaders = "\r\n\r\n")
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var address = service.Client.BaseAddress!;
        await socket.ConnectAsync(address.Host, address.Port, deadline.Token);
        var keys = service.Client.DefaultRequestHeaders.Select(line => $"{line.Key}: {string.Join(',', line.Value)}\r\n");
        byte[] request =
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /generate_image HTTP/1.1\r\nHost: localhost\r\n{string.Concat(keys)}X-Idempotency-Key: {Caller.NewKey()}\r\n{header}{endOfHeaders}"),
            .. body,
        ];
        try
        {
            await socket.SendAsync(request, deadline.Token);
        }
        catch (SocketException)
        {
            // It answered, and hung up, before all was sent.
        }

        return await RawExchange.ReadAsync(socket, deadline.Token);
    }
}
