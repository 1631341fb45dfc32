using System.Net;
using System.Net.Sockets;
using Iga.LocalHost.Host;

namespace Iga.Tests.Embedded;

public sealed class SharedEmulatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_address_without_a_lock_is_nobodys_though_its_process_lives_and_something_listens_there()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        await File.WriteAllTextAsync(_folder["x.address"], $"http://{stranger.LocalEndpoint}/ {Environment.ProcessId}");

        await using var emulator = await OpenAsync();

        Assert.True(emulator.IsOwn);
        Assert.NotEqual(((IPEndPoint)stranger.LocalEndpoint).Port, emulator.Address.Port);
        await using var other = await OpenAsync();
        Assert.Equal((false, emulator.Address), (other.IsOwn, other.Address));
    }

    [Fact]
    public async Task The_next_start_has_the_same_address()
    {
        Uri address;
        await using (var first = await OpenAsync())
        {
            address = first.Address;
        }

        await using var second = await OpenAsync();

        Assert.Equal((true, address), (second.IsOwn, second.Address));
    }

    [Fact]
    public async Task Who_can_not_go_on_at_the_same_address_says_so_once_and_does_as_soon_as_it_can()
    {
        var told = new List<string>();
        var first = await OpenAsync();
        var isTaken = true;
        await using var second = await SharedEmulator.OpenAsync(
            _folder.Path, "x", (port, _) => isTaken ? throw new IOException("The port is taken.") : Start(port), told.Add, CancellationToken.None);

        await first.DisposeAsync();
        await Fixtures.Eventually.Async(() => told.Count > 0);
        isTaken = false;
        await Fixtures.Eventually.Async(() => second.IsOwn);

        Assert.Contains($"{first.Address} has ended", Assert.Single(told), StringComparison.Ordinal);
    }

    private Task<SharedEmulator> OpenAsync() =>
        SharedEmulator.OpenAsync(_folder.Path, "x", (port, _) => Start(port), _ => { }, CancellationToken.None);

    private static Task<(Uri, IAsyncDisposable)> Start(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }

        return Task.FromResult((new Uri($"http://{listener.LocalEndpoint}/"), (IAsyncDisposable)new Stopping(listener)));
    }

    private sealed class Stopping(TcpListener listener) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
