using System.Net;
using System.Net.Sockets;

namespace Iga.Tests.Security;

/// <summary>What the tests read off a connection.</summary>
public sealed class RawExchangeTests
{
    [Fact]
    public async Task The_answer_to_what_follows_a_request_is_not_taken_for_a_part_of_the_first()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var asking = RawExchange.SendAsync(new Uri($"http://{server.LocalEndpoint}"), "GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        using var connection = await server.AcceptSocketAsync();
        await connection.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());

        var answer = await asking;

        Assert.Equal("{}", answer?.Body);
    }

    [Fact]
    public async Task The_answer_to_a_HEAD_ends_with_its_headers_whatever_length_they_tell()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var asking = RawExchange.SendAsync(new Uri($"http://{server.LocalEndpoint}"), "HEAD / HTTP/1.1\r\n\r\n"u8.ToArray());
        using var connection = await server.AcceptSocketAsync();
        await connection.SendAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n"u8.ToArray());

        var answer = await asking;

        Assert.Equal(404, answer?.Status);
        Assert.Equal("", answer?.Body);
    }
}
