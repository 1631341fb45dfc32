using Iga.Bucket;
using Iga.Emulators.Storage;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>The contract on the emulated GCS.</summary>
public sealed class EmulatedImageStoreTests : ImageStoreContract
{
    private readonly HttpClient _http = GoogleHttp.CreateClient(isEmulator: true);
    private GcsEmulator? _gcs;

    private protected override string Bucket => "my-bucket";

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gcs!.DisposeAsync();
    }

    private protected override async Task<IImageStore> StartAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Bucket] });
        var options = new StorageOptions(Bucket, "images/iga/", _gcs.Address);
        return new GcsImageStore(
            new RestGcsTransport(_http, options, new NoAuthorization(), TimeProvider.System),
            options, new RecordingObserver(), TimeProvider.System);
    }

    private protected override async Task<(byte[] Content, string? ContentType, string? TaskId)?> ReadAsync(string objectName) =>
        _gcs!.Objects.Find(Bucket, objectName) is { } found
            ? (await _gcs.Objects.ReadAsync(Bucket, objectName), found.ContentType, found.Metadata.GetValueOrDefault("iga_task_id"))
            : null;
}
