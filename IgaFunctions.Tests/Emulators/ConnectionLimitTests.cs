using System.Net;
using System.Net.Sockets;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>The emulators bound their connections, too: they share the service's descriptors where it embeds them.</summary>
public sealed class ConnectionLimitTests
{
    private const int Limit = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10); // less than an idle connection has

    [Fact]
    public async Task Vertex_ends_one_that_is_too_many()
    {
        await using var emulator = await VertexEmulator.StartAsync(new VertexEmulatorOptions { MaxConnections = Limit });
        await EndsOneTooManyAsync(emulator.Address);
    }

    [Fact]
    public async Task Storage_ends_one_that_is_too_many()
    {
        await using var emulator = await GcsEmulator.StartAsync(new GcsEmulatorOptions { MaxConnections = Limit });
        await EndsOneTooManyAsync(emulator.Address);
    }

    private static async Task EndsOneTooManyAsync(Uri address)
    {
        List<Task> ends = [];
        for (var each = 0; each <= Limit; each++)
        {
            ends.Add(EndAsync(address));
        }

        await (await Task.WhenAny(ends).WaitAsync(Deadline));
    }

    /// <summary>Is done when the server has hung up.</summary>
    private static async Task EndAsync(Uri address)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port);
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        }
        catch (SocketException)
        {
            // Hung up at once.
        }
    }
}
