using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Bucket;

/// <summary>A store on a <see cref="ScriptedServer"/>, and what its tests need.</summary>
public abstract class GcsOnAWire
{
    private protected const string Name = "images/iga/a.png";

    private protected GcsOnAWire(GcsWire wire) => Wired = wire;

    private protected static byte[] Picture { get; } = Pictures.Png(200_000);

    private protected static ImageObject Image { get; } =
        new(Name, "image/png", Picture.Length, Crc32C.Of(Picture), Guid.NewGuid());

    private protected GcsWire Wired { get; }

    private protected TinyBucket Bucket { get; } = new("b");

    private protected TestTime Time { get; } = new();

    private protected RecordingObserver Observer { get; } = new();

    /// <summary>How often the content was opened.</summary>
    private protected int Opened { get; private set; }

    /// <returns>What was asked for, an upload as one POST.</returns>
    private protected static IEnumerable<string> Calls(ScriptedServer server) =>
        server.Requests.Select(r => r.Method).Where(method => method != "PUT");

    private protected RequestDelegate[] Upload(RequestDelegate step) => Wired.Upload(Bucket, step);

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

    private protected GcsImageStore Store(ScriptedServer server, string? bucketName = "b") => new(
        Wired.CreateFor(server.Address, "b", Time), new(bucketName, "images/iga/", server.Address), Observer, Time);
}
