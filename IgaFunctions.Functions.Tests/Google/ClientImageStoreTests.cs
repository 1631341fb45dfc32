using Iga.Emulators.Storage;
using Iga.Google;
using Iga.Storage;
using Iga.Tests.Imaging;
using Iga.Tests.Storage;

namespace Iga.Functions.Tests.Google;

/// <summary>The contract of the image store over Google's client, on the emulated GCS.</summary>
public sealed class ClientImageStoreTests : ImageStoreContract
{
    private GcsEmulator? _gcs;

    private protected override string Bucket => "my-bucket";

    public override ValueTask DisposeAsync() => _gcs!.DisposeAsync();

    private protected override async Task<IImageStore> StartAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Bucket] });
        var options = new StorageOptions(Bucket, "images/iga/", _gcs.Address);
        return new GcsImageStore(
            new ClientGcsTransport(GoogleClients.CreateStorageClient(options)), options, new RecordingObserver(), TimeProvider.System);
    }

    private protected override async Task<(byte[] Content, string? ContentType, string? TaskId)?> ReadAsync(string objectName) =>
        _gcs!.Objects.Find(Bucket, objectName) is { } found
            ? (await _gcs.Objects.ReadAsync(Bucket, objectName), found.ContentType, found.Metadata.GetValueOrDefault("iga_task_id"))
            : null;
}
