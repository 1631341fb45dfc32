using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>Downloads, which only the local host's <c>generate</c> needs.</summary>
public sealed class GcsDownloadTests() : GcsOnAWire(GcsWire.Rest)
{
    [Fact]
    public async Task An_object_is_downloaded_by_its_address()
    {
        await using var server = await ScriptedServer.StartAsync(Bucket.HandleAsync);
        var stored = await PutAsync(server);
        var transport = (RestGcsTransport)Wired.CreateFor(server.Address, "b", Time);
        using var file = new MemoryStream();

        await transport.DownloadAsync(stored.Url, file, CancellationToken.None);

        Assert.Equal(Picture, file.ToArray());
        await Assert.ThrowsAsync<ArgumentException>(
            () => transport.DownloadAsync("https://b/x", file, CancellationToken.None));
        var missing = await Assert.ThrowsAsync<FailureException>(
            () => transport.DownloadAsync("gs://b/none", file, CancellationToken.None));
        Assert.Equal(FailureKind.StorageDenied, missing.Kind);
    }
}
