using Iga.Emulators.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Emulators;

/// <summary>Signed and public URLs whose form no client would make, and what browsers do with them.</summary>
public sealed class GcsUrlTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket], TimeProvider = _time });
        var metadata = new Dictionary<string, string> { ["task"] = "1" };
        await _gcs.Objects.PutAsync(Gcs.Bucket, "folder/a.png", "picture"u8.ToArray(), "image/png", metadata);
        await _gcs.Objects.PutAsync(Gcs.Bucket, "folder/", new byte[] { 1 });
    }

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Theory]
    [InlineData("", "", 200)]
    [InlineData("X-Goog-Algorithm=GOOG4-RSA-SHA256", "X-Goog-Algorithm=MD5", 400)]
    [InlineData("X-Goog-Date=20261129T115930Z", "X-Goog-Date=yesterday", 400)]
    [InlineData("X-Goog-Date=20261129T115930Z", "X-Goog-Date=", 400)]
    [InlineData("X-Goog-Date=20261129T115930Z", "X-Goog-Date=20261128T115930Z", 400)]
    [InlineData("X-Goog-Date=20261129T115930Z", "X-Goog-Date=20261129T130000Z", 403)]
    [InlineData("X-Goog-Expires=60", "X-Goog-Expires=604801", 400)]
    [InlineData("X-Goog-Expires=60", "X-Goog-Expires=-1", 400)]
    [InlineData("X-Goog-Expires=60", "X-Goog-Expires=30", 400)]
    [InlineData("X-Goog-Expires=60", "X-Goog-Expires=31", 200)]
    [InlineData("auto", "", 400)]
    [InlineData("X-Goog-SignedHeaders=host", "X-Goog-SignedHeaders=content-type", 400)]
    [InlineData("X-Goog-SignedHeaders=host", "X-Goog-SignedHeaders=host%3Bx-goog-meta-a", 400)]
    [InlineData("X-Goog-Signature=0aF", "X-Goog-Signature=xyz", 400)]
    public async Task A_V4_signature_has_to_have_its_form_and_its_time(string part, string other, int status)
    {
        const string Query = "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=s%40x%2F20261129%2Fauto%2Fstorage%2Fgoog4_request"
            + "&X-Goog-Date=20261129T115930Z&X-Goog-Expires=60&X-Goog-SignedHeaders=host&X-Goog-Signature=0aF";
        var reply = await _gcs.GetAsync($"pictures/folder/a.png?{(part.Length > 0 ? Query.Replace(part, other) : Query)}");
        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 200 ? "picture" : "<?xml", status == 200 ? reply.Body : reply.Body[..5]);
    }

    [Theory]
    [InlineData("GoogleAccessId=s&Expires=1796000000&Signature=YQ==", 200)]
    [InlineData("GoogleAccessId=s&Expires=1795953600&Signature=YQ==", 400)]
    [InlineData("GoogleAccessId=s&Expires=tomorrow&Signature=YQ==", 400)]
    [InlineData("GoogleAccessId=s&Expires=1796000000&Signature=!", 400)]
    [InlineData("GoogleAccessId=s&Signature=YQ==", 400)]
    [InlineData("Expires=1796000000&Signature=YQ==", 400)]
    public async Task A_V2_signature_as_well(string query, int status) =>
        Assert.Equal(status, (await _gcs.GetAsync($"pictures/folder/a.png?{query}")).Status);

    [Theory]
    [InlineData("GET", "pictures/folder%2Fa.png", 200, "picture")]
    [InlineData("GET", "pictures/folder/", 200, "\u0001")]
    [InlineData("GET", "pictures/folder", 404, "NoSuchKey")]
    [InlineData("GET", "pictures/%01<>&", 404, "No such object: pictures/\uFFFD&lt;&gt;&amp;")]
    [InlineData("GET", "pictures", 501, "NotImplemented")]
    [InlineData("GET", "pictures/folder/a.png?acl", 501, "?acl")]
    [InlineData("GET", "", 501, "NotImplemented")]
    [InlineData("POST", "pictures/form", 501, "HTML forms")]
    [InlineData("TRACE", "pictures/folder/a.png", 405, "MethodNotAllowed")]
    [InlineData("PUT", "nowhere/a", 404, "NoSuchBucket")]
    public async Task The_path_is_bucket_and_object(string method, string path, int status, string part)
    {
        var reply = await _gcs.SendAsync(new HttpMethod(method), path);
        Assert.Equal(status, reply.Status);
        Assert.Contains(part, reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-goog-hash", "crc32c=AAAAAA==", 400, "BadDigest")]
    [InlineData("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==", 400, "BadDigest")]
    [InlineData("x-goog-if-generation-match", "0", 412, "PreconditionFailed")]
    [InlineData("x-goog-content-length-range", "0,2", 400, "EntityTooLarge")]
    [InlineData("x-goog-content-length-range", "9,20", 400, "EntityTooSmall")]
    [InlineData("x-goog-copy-source", "pictures/folder/", 501, "NotImplemented")]
    [InlineData("x-goog-encryption-key", "k", 501, "NotImplemented")]
    [InlineData("x-goog-storage-class", "GOLD", 400, "InvalidArgument")]
    public async Task A_PUT_is_held_to_its_headers(string header, string value, int status, string code)
    {
        var reply = await _gcs.SendAsync(HttpMethod.Put, "pictures/folder/a.png", new ByteArrayContent([1, 2, 3]), (header, value));
        Assert.Equal(status, reply.Status);
        Assert.Contains($"<Code>{code}</Code>", reply.Body, StringComparison.Ordinal);
        Assert.Equal(7, _gcs.Objects.Find(Gcs.Bucket, "folder/a.png")!.Size);
    }

    [Fact]
    public async Task A_browser_shows_a_picture_of_the_emulator_in_a_page_of_another_origin_and_asks_whether_it_changed()
    {
        (string, string)[] image = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")];
        var first = await _gcs.SendAsync(HttpMethod.Get, "pictures/folder/a.png", content: null, image);
        Assert.Equal((200, "picture"), (first.Status, first.Body));
        Assert.Equal("1", first.Headers.GetValues("x-goog-meta-task").Single());
        Assert.False(first.Headers.Contains("Cross-Origin-Resource-Policy"));
        var second = await _gcs.SendAsync(
            HttpMethod.Get, "pictures/folder/a.png", content: null, [.. image, ("If-None-Match", first.Headers.ETag!.ToString())]);
        Assert.Equal((304, ""), (second.Status, second.Body));
        Assert.Equal(403, (await _gcs.SendAsync(HttpMethod.Delete, "pictures/folder/a.png", content: null, image)).Status);
    }

    [Fact]
    public async Task Faults_of_signed_URLs_are_played_in_XML_and_strike_nothing_else()
    {
        const string Signed = "pictures/folder/a.png?GoogleAccessId=s&Expires=1796000000&Signature=YQ==";
        _gcs.Faults.Add("storage.objects.get", "expired-url-400");
        _gcs.Faults.Add("storage.objects.get", "signature-mismatch-403");
        _gcs.Faults.Add("storage.objects.get", "return-503", count: 2);
        Assert.Equal(503, (await _gcs.GetAsync(Gcs.ObjectPath("folder/a.png"))).Status);
        var replies = new[] { await _gcs.GetAsync(Signed), await _gcs.GetAsync(Signed), await _gcs.GetAsync(Signed), await _gcs.GetAsync(Signed) };
        Assert.Equal([400, 403, 503, 200], replies.Select(r => r.Status));
        Assert.Contains("<Code>ExpiredToken</Code>", replies[0].Body, StringComparison.Ordinal);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", replies[1].Body, StringComparison.Ordinal);
        Assert.Contains("<Code>ServiceUnavailable</Code>", replies[2].Body, StringComparison.Ordinal);
    }
}
