using System.Net;
using System.Net.Sockets;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.GoogleCloud;

/// <summary>A connection that is reset as soon as it is made is a fault like any other of the wire.</summary>
public sealed class ResetConnectionTests
{
    [Fact]
    public async Task It_is_no_answer_however_early_it_comes()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource stop = new();
        var resetting = ResetAllAsync(listener, stop.Token);
        using var client = GoogleHttp.CreateClient(
            GoogleHttp.CreateHandler(isEmulator: true), Dependency.Model, new NoAuthorization());
        var address = new Uri($"http://{listener.LocalEndpoint}/");

        for (var attempt = 0; attempt < 500; attempt++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address));
        }

        await stop.CancelAsync();
        await resetting;
    }

    private static async Task ResetAllAsync(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var accepted = await listener.AcceptSocketAsync(stop);
                accepted.Close(0);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
