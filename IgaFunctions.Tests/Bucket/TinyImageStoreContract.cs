using Iga.Bucket;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>The contract on a bucket that takes only what is just right.</summary>
public abstract class TinyImageStoreContract : ImageStoreContract
{
    private readonly TinyBucket _bucket = new("my-bucket");
    private readonly GcsWire _wire;
    private ScriptedServer? _server;

    private protected TinyImageStoreContract(GcsWire wire) => _wire = wire;

    private protected override string Bucket => "my-bucket";

    public override async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<IImageStore> StartAsync()
    {
        _server = await ScriptedServer.StartAsync(_bucket.HandleAsync);
        return _wire.CreateStore(_server.Address, Bucket);
    }

    private protected override Task<(byte[] Content, string? ContentType, string? TaskId)?> ReadAsync(string objectName) =>
        Task.FromResult<(byte[], string?, string?)?>(_bucket.Objects.TryGetValue(objectName, out var found)
            ? (found.Content, (string?)found.Resource["contentType"], (string?)found.Resource["metadata"]?["iga_task_id"])
            : null);
}
