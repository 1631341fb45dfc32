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

    [Fact]
    public async Task A_full_disk_is_not_taken_for_a_store_that_fails()
    {
        await using var server = await ScriptedServer.StartAsync(Bucket.HandleAsync);
        var stored = await PutAsync(server);
        var transport = (RestGcsTransport)Wired.CreateFor(server.Address, "b", Time);
        using var full = new FullStream();

        var refused = await Assert.ThrowsAsync<IOException>(() => transport.DownloadAsync(stored.Url, full, CancellationToken.None));

        Assert.Equal("No space left", refused.Message);
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("No space left");
    }
}
