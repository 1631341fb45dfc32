using Iga.Emulators.Storage;

namespace Iga.Tests.RealClients;

/// <summary>The emulator of GCS, as @google-cloud/storage for Node takes it.</summary>
public sealed class NodeStorageTests : IAsyncLifetime
{
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new() { Buckets = ["pictures"] });

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Fact]
    public async Task An_object_that_is_saved_in_one_request_is_read_back()
    {
        var seen = await NodeScript.RunAsync(
            "storage-save.mjs", new Dictionary<string, string> { ["ENDPOINT"] = _gcs.Address.ToString() }, TestContext.Current.CancellationToken);

        Assert.Equal("""{"read":"hello","contentType":"text/plain","size":"5"}""", seen.GetRawText());
    }
}
