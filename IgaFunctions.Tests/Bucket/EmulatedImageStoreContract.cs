using Iga.Bucket;
using Iga.Emulators.Storage;

namespace Iga.Tests.Bucket;

/// <summary>The contract on the emulated GCS.</summary>
public abstract class EmulatedImageStoreContract : ImageStoreContract
{
    private readonly GcsWire _wire;
    private GcsEmulator? _gcs;

    private protected EmulatedImageStoreContract(GcsWire wire) => _wire = wire;

    private protected override string Bucket => "my-bucket";

    public override async ValueTask DisposeAsync()
    {
        await _gcs!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<IImageStore> StartAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Bucket] });
        return _wire.CreateStore(_gcs.Address, Bucket);
    }

    private protected override async Task<(byte[] Content, string? ContentType, string? TaskId)?> ReadAsync(string objectName) =>
        _gcs!.Objects.Find(Bucket, objectName) is { } found
            ? (await _gcs.Objects.ReadAsync(Bucket, objectName), found.ContentType, found.Metadata.GetValueOrDefault("iga_task_id"))
            : null;
}
