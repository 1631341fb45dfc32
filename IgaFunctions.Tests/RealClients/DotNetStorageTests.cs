using System.IO.Compression;
using Google;
using Google.Cloud.Storage.V1;
using Iga.Emulators.Storage;
using Iga.Tests.Emulators;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace Iga.Tests.RealClients;

/// <summary>The emulator of GCS, as Google.Cloud.Storage.V1 takes it.</summary>
public sealed class DotNetStorageTests : IAsyncLifetime
{
    private GcsEmulator _gcs = null!;
    private StorageClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket] });
        _client = new StorageClientBuilder { BaseUri = $"{_gcs.Address}storage/v1/", UnauthenticatedAccess = true }.Build();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gcs.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10 * 1024 * 1024)]
    [InlineData((10 * 1024 * 1024) + 77)]
    public async Task A_stream_whose_length_is_not_known_is_uploaded_and_checked_on_both_ways(int length)
    {
        var content = Gcs.Content(length);
        var item = new Object
        {
            Bucket = Gcs.Bucket,
            Name = "a",
            ContentType = "image/png",
            Metadata = new Dictionary<string, string> { ["owner"] = "me" },
        };

        var stored = await _client.UploadObjectAsync(
            item, new ForwardOnlyStream(content), new UploadObjectOptions { IfGenerationMatch = 0 }, Cancellation);

        Assert.Equal(((ulong)length, "image/png", "me"), (stored.Size!.Value, stored.ContentType, stored.Metadata["owner"]));
        using var read = new MemoryStream();
        await _client.DownloadObjectAsync(Gcs.Bucket, "a", read, cancellationToken: Cancellation);
        Assert.Equal(content, read.ToArray());
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(500, null)]
    [InlineData(null, 7)]
    public async Task A_range_is_downloaded(int? from, int? to)
    {
        var content = Gcs.Content(1_000);
        await _gcs.Objects.PutAsync(Gcs.Bucket, "a", content);
        using var read = new MemoryStream();

        await _client.DownloadObjectAsync(
            Gcs.Bucket, "a", read, new DownloadObjectOptions { Range = new(from, to) }, cancellationToken: Cancellation);

        Assert.Equal(from is null ? content[^7..] : content[from.Value..(to + 1 ?? 1_000)], read.ToArray());
    }

    [Fact]
    public async Task An_object_that_is_stored_packed_is_read_unpacked()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("hello"u8);
        }

        packed.Position = 0;
        await _client.UploadObjectAsync(
            new Object { Bucket = Gcs.Bucket, Name = "a", ContentEncoding = "gzip" }, packed, cancellationToken: Cancellation);
        using var read = new MemoryStream();
        await _client.DownloadObjectAsync(Gcs.Bucket, "a", read, cancellationToken: Cancellation);

        Assert.Equal("hello"u8.ToArray(), read.ToArray());
    }

    [Fact]
    public async Task Lists_heed_each_option()
    {
        foreach (var name in new[] { "a", "images/1.png", "images/2.png", "images/deep/3.png", "z.txt" })
        {
            await _gcs.Objects.PutAsync(Gcs.Bucket, name, new byte[] { 1 });
        }

        Assert.Equal("images/1.png images/2.png", Names(new() { MatchGlob = "images/*.png" }));
        Assert.Equal("images/2.png images/deep/3.png", Names(new() { StartOffset = "images/2.png", EndOffset = "z" }));
        Assert.Equal("a z.txt", Names(new() { Delimiter = "/" }));
        Assert.Equal("a images/1.png images/2.png images/deep/3.png z.txt", Names(new() { PageSize = 2, Versions = true, Projection = Projection.Full }));
        Assert.Equal("", Names(new() { SoftDeletedOnly = true }));
        var part = _client.ListObjects(Gcs.Bucket, null, new() { Fields = "items(name,size),nextPageToken", PageSize = 2 }).ToList();
        Assert.Equal(5, part.Count);
        Assert.All(part, o => Assert.Equal((true, 1UL, null, null), (o.Name.Length > 0, o.Size, o.ContentType, o.Crc32c)));

        string Names(ListObjectsOptions options) => string.Join(' ', _client.ListObjects(Gcs.Bucket, "", options).Select(o => o.Name));
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_told_by_its_name_wherever_it_is_asked_for()
    {
        using var nowhere = new MemoryStream();
        var media = await Assert.ThrowsAsync<GoogleApiException>(
            () => _client.DownloadObjectAsync(Gcs.Bucket, "nowhere", nowhere, cancellationToken: Cancellation));
        var metadata = await Assert.ThrowsAsync<GoogleApiException>(
            () => _client.GetObjectAsync(Gcs.Bucket, "nowhere", cancellationToken: Cancellation));

        Assert.Equal((404, 404), ((int)media.HttpStatusCode, (int)metadata.HttpStatusCode));
        Assert.Contains("No such object: pictures/nowhere", media.ToString(), StringComparison.Ordinal);
        Assert.Equal("No such object: pictures/nowhere", metadata.Error.Message);
    }

    /// <summary>A stream that only reads on, as a response's body does.</summary>
    private sealed class ForwardOnlyStream(byte[] content) : MemoryStream(content, writable: false)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }
}
