using Iga.Bucket;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>The contract over the JSON API.</summary>
public sealed class RestImageStoreTests : ImageStoreContract
{
    private readonly TinyBucket bucket = new("my-bucket");
    private readonly HttpClient http = GoogleHttp.CreateClient(isEmulator: true);
    private ScriptedServer? server;

    private protected override string Bucket => "my-bucket";

    public override async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server!.DisposeAsync();
    }

    private protected override async Task<IImageStore> StartAsync()
    {
        server = await ScriptedServer.StartAsync(bucket.HandleAsync);
        var options = new StorageOptions(Bucket, "images/iga/", server.Address);
        return new GcsImageStore(
            new RestGcsTransport(http, options, new NoAuthorization(), TimeProvider.System),
            options, new RecordingObserver(), TimeProvider.System);
    }

    private protected override Task<(byte[] Content, string? ContentType, string? TaskId)?> ReadAsync(string objectName) =>
        Task.FromResult<(byte[], string?, string?)?>(bucket.Objects.TryGetValue(objectName, out var found)
            ? (found.Content, (string?)found.Resource["contentType"], (string?)found.Resource["metadata"]?["iga_task_id"])
            : null);
}
