using Iga.Bucket;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>The contract over the JSON API.</summary>
public sealed class RestImageStoreTests : ImageStoreContract
{
    private readonly TinyBucket _bucket = new("my-bucket");
    private readonly HttpClient _http = GoogleHttp.CreateClient(isEmulator: true);
    private ScriptedServer? _server;

    private protected override string Bucket => "my-bucket";

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server!.DisposeAsync();
    }

    private protected override async Task<IImageStore> StartAsync()
    {
        _server = await ScriptedServer.StartAsync(_bucket.HandleAsync);
        var options = new StorageOptions(Bucket, "images/iga/", _server.Address);
        return new GcsImageStore(
            new RestGcsTransport(_http, options, new NoAuthorization(), TimeProvider.System),
            options, new RecordingObserver(), TimeProvider.System);
    }

    private protected override Task<(byte[] Content, string? ContentType, string? TaskId)?> ReadAsync(string objectName) =>
        Task.FromResult<(byte[], string?, string?)?>(_bucket.Objects.TryGetValue(objectName, out var found)
            ? (found.Content, (string?)found.Resource["contentType"], (string?)found.Resource["metadata"]?["iga_task_id"])
            : null);
}
