using Iga.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Iga.Tests.Connections;

/// <summary>Connections that do nothing, or too little, are ended.</summary>
public sealed class SlowConnectionTests : IAsyncLifetime
{
    // The shortest that Kestrel takes, which looks once a second.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.1);

    private readonly GatedServer _server = GatedServer.Start(
        new ConnectionGate(100, TimeProvider.System), new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), Rate(8), Rate(64)));

    private static MinDataRate Rate(int kilobytesPerSecond) => new(kilobytesPerSecond * 1024, Grace);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("")] // never a byte
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n")] // headers that do not end
    [InlineData("GET /little HTTP/1.1\r\nHost: x\r\n\r\n")] // nothing after an answer
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n", "a: b\r\n")]
    [InlineData(GatedServer.SlowPost, "100 bytes each tenth of a second are 1,000 a second: more than Kestrel asks for by itself, too few here")]
    [InlineData(GatedServer.Get)] // an answer that is taken as slowly
    public async Task It_ends(string sent, string trickle = "")
    {
        using var socket = await _server.ConnectAsync(sent);

        await GatedServer.EndsAsync(socket, trickle);

        await Fixtures.Eventually.Async(() => _server.Gate.Open == 0);
    }
}
