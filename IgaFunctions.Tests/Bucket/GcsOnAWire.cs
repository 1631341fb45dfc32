using Iga.Bucket;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>A store on a <see cref="ScriptedServer"/>, and what its tests need.</summary>
public abstract class GcsOnAWire : IDisposable
{
    private protected const string Name = "images/iga/a.png";

    private readonly HttpClient _http = GoogleHttp.CreateClient(isEmulator: true);

    private protected static byte[] Picture { get; } = Pictures.Png(200_000);

    private protected static ImageObject Image { get; } =
        new(Name, "image/png", Picture.Length, Crc32C.Of(Picture), Guid.NewGuid());

    private protected TinyBucket Bucket { get; } = new("b");

    private protected TestTime Time { get; } = new();

    private protected RecordingObserver Observer { get; } = new();

    /// <summary>How often the content was opened.</summary>
    private protected int Opened { get; private set; }

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<FailureException> FailAsync(ScriptedServer server) =>
        Assert.ThrowsAsync<FailureException>(() => PutAsync(server));

    private protected Task<StoredImage> PutAsync(ScriptedServer server, string? bucketName = "b") => Store(server, bucketName).PutAsync(
        Image,
        _ =>
        {
            Opened++;
            return Task.FromResult<Stream>(new MemoryStream(Picture));
        },
        CancellationToken.None);

    private protected GcsImageStore Store(ScriptedServer server, string? bucketName = "b") =>
        new(Transport(server), new(bucketName, "images/iga/", server.Address), Observer, Time);

    private protected RestGcsTransport Transport(ScriptedServer server) =>
        new(_http, new("b", "images/iga/", server.Address), new NoAuthorization(), Time);
}
