using System.IO.Compression;
using System.Text.Json;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

/// <summary>Query parameters and ranges: each is heeded, or refused by its name.</summary>
public sealed class GcsQueryTests : IAsyncLifetime
{
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket] });
        await _gcs.Objects.PutAsync(
            Gcs.Bucket, "a/b", "0123456789"u8.ToArray(), "text/plain", new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        await _gcs.Objects.PutAsync(Gcs.Bucket, "empty", ReadOnlyMemory<byte>.Empty);
    }

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Theory]
    [InlineData("storage/v1/b/pictures/o/a%2Fb?fields=name,size", """{"name":"a/b","size":"10"}""")]
    [InlineData("storage/v1/b/pictures/o/a%2Fb?fields=metadata/y", """{"metadata":{"y":"2"}}""")]
    [InlineData("storage/v1/b/pictures/o/a%2Fb?fields=metadata(x,z),size", """{"size":"10","metadata":{"x":"1"}}""")]
    [InlineData("storage/v1/b/pictures/o/a%2Fb?fields=cacheControl", "{}")]
    [InlineData("storage/v1/b/pictures/o?fields=items(name,metadata/x),nextPageToken&maxResults=1&prefix=a", """{"items":[{"name":"a/b","metadata":{"x":"1"}}]}""")]
    [InlineData("storage/v1/b/pictures/o?fields=items/size,kind", """{"kind":"storage#objects","items":[{"size":"10"},{"size":"0"}]}""")]
    [InlineData("storage/v1/b/pictures/o?fields=prefixes&delimiter=/", """{"prefixes":["a/"]}""")]
    [InlineData("storage/v1/b?project=p&fields=items(name)", """{"items":[{"name":"pictures"}]}""")]
    public async Task The_fields_that_are_asked_for_come_alone(string path, string expected)
    {
        var reply = await _gcs.GetAsync(path);
        Assert.Equal(expected, JsonSerializer.Serialize(reply.Json));
    }

    [Fact]
    public async Task An_upload_answers_with_the_fields_that_are_asked_for_and_does_nothing_for_wrong_ones()
    {
        var reply = await _gcs.UploadMediaAsync("new", [1], "&fields=name");
        Assert.Equal("""{"name":"new"}""", JsonSerializer.Serialize(reply.Json));
        Assert.Equal(400, (await _gcs.UploadMediaAsync("other", [1], "&fields=nme")).Status);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "other"));
    }

    [Theory]
    [InlineData("fields=items(nme)", 400, "fields")]
    [InlineData("fields=name", 400, "fields")]
    [InlineData("fields=items(name", 400, "fields")]
    [InlineData("fields=items)", 400, "fields")]
    [InlineData("fields=kind/x", 400, "fields")]
    [InlineData("fields=,", 400, "fields")]
    [InlineData("prefx=a", 501, "prefx")]
    [InlineData("filter=contexts", 501, "filter")]
    [InlineData("callback=f", 501, "callback")]
    [InlineData("alt=proto", 400, "alt")]
    [InlineData("projection=some", 400, "projection")]
    [InlineData("versions=yes", 400, "versions")]
    [InlineData("softDeleted=true&versions=true", 400, "softDeleted")]
    [InlineData("maxResults=-1", 400, "maxResults")]
    [InlineData("pageToken=!", 400, "pageToken")]
    [InlineData("matchGlob={a,b", 400, "matchGlob")]
    [InlineData("matchGlob=[z-a]", 400, "matchGlob")]
    [InlineData("prefix=a&prefix=b", 400, "prefix")]
    public async Task A_parameter_that_is_not_heeded_is_refused_by_its_name(string query, int status, string parameter)
    {
        var reply = await _gcs.GetAsync($"storage/v1/b/pictures/o?{query}");
        Assert.Equal(status, reply.Status);
        Assert.Equal(parameter, reply.Json.GetProperty("error").GetProperty("errors")[0].GetProperty("location").GetString());
    }

    [Theory]
    [InlineData("a/*.png", "a/1.png", "a/b/2.png")]
    [InlineData("a/**/c.png", "a/c.png a/b/c.png a/b/d/c.png", "ac.png")]
    [InlineData("a**g", "ag a/b/c.png", "a/b")]
    [InlineData("?.txt", "b.txt", "bb.txt /.txt")]
    [InlineData("[a-c0].txt", "b.txt 0.txt", "d.txt")]
    [InlineData("[!a-c].txt", "d.txt", "b.txt /.txt")]
    [InlineData("{a,b/*}.{png,txt}", "a.png b/x.txt", "b.png a.gif")]
    [InlineData(@"\*.(+)", "*.(+)", "x.(+)")]
    public void A_glob_takes_the_names_that_Google_takes(string glob, string taken, string left)
    {
        var fits = Glob.Parse(glob);
        Assert.All(taken.Split(' '), name => Assert.True(fits(name), name));
        Assert.All(left.Split(' '), name => Assert.False(fits(name), name));
    }

    [Theory]
    [InlineData("bytes=2-4", 206, "234", "bytes 2-4/10")]
    [InlineData("bytes=5-", 206, "56789", "bytes 5-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-99", 206, "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=0-1,4-5", 200, "0123456789", null)]
    [InlineData("items=0-1", 200, "0123456789", null)]
    [InlineData("bytes=x", 200, "0123456789", null)]
    [InlineData("bytes=10-", 416, "The requested range cannot be satisfied.", "bytes */10")]
    [InlineData("bytes=-0", 416, "The requested range cannot be satisfied.", "bytes */10")]
    [InlineData("bytes=0-", 416, "The requested range cannot be satisfied.", "bytes */0", "empty")]
    [InlineData("bytes=-5", 416, "The requested range cannot be satisfied.", "bytes */0", "empty")]
    public async Task A_part_comes_without_the_hash_of_the_whole(
        string range, int status, string body, string? contentRange, string name = "a/b")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gcs.Address, Gcs.ObjectPath(name) + "?alt=media"));
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await Gcs.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, response.Content.Headers.ContentRange?.ToString());
        Assert.Equal(status == 200, response.Headers.Contains("x-goog-hash"));
        Assert.Equal(status == 416 ? [] : ["10"], response.Headers.TryGetValues("x-goog-stored-content-length", out var l) ? l : []);
    }

    [Theory]
    [InlineData("x-goog-encryption-algorithm", "AES256", "storage/v1/b/pictures/o/a%2Fb?alt=media")]
    [InlineData("x-goog-encryption-algorithm", "AES256", "storage/v1/b/pictures/o/a%2Fb")]
    public async Task Keys_of_the_callers_own_are_refused(string header, string value, string path)
    {
        var reply = await _gcs.SendAsync(HttpMethod.Get, path, null, (header, value));
        Assert.Equal(501, reply.Status);
        Assert.Contains(header, reply.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_body_that_is_packed_for_the_way_is_unpacked_and_a_damaged_one_refused()
    {
        Assert.Equal((200, 400), ((await PostAsync(Packed(), "c")).Status, (await PostAsync([1, 2, 3], "d")).Status));
        Assert.Equal("hello"u8.ToArray(), await _gcs.Objects.ReadAsync(Gcs.Bucket, "c"));

        Task<Gcs.Reply> PostAsync(byte[] body, string name) => _gcs.SendAsync(
            HttpMethod.Post, $"upload/storage/v1/b/pictures/o?uploadType=media&name={name}", new ByteArrayContent(body), ("Content-Encoding", "gzip"));
    }

    [Fact]
    public async Task An_object_that_is_stored_packed_comes_packed_only_to_who_takes_it_so()
    {
        Assert.Equal(200, (await _gcs.UploadMediaAsync("packed", Packed(), "&contentEncoding=gzip")).Status);
        var url = new Uri(_gcs.Address, Gcs.ObjectPath("packed") + "?alt=media");

        using var unpacked = await Gcs.Http.GetAsync(url);
        Assert.Equal("hello", await unpacked.Content.ReadAsStringAsync());
        Assert.Empty(unpacked.Content.Headers.ContentEncoding);
        Assert.Contains(Gcs.Crc32C(Packed()), unpacked.Headers.GetValues("x-goog-hash").Single(), StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { AcceptEncoding = { new("gzip") } } };
        using var packed = await Gcs.Http.SendAsync(request);
        Assert.Equal(Packed(), await packed.Content.ReadAsByteArrayAsync());
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
    }

    private static byte[] Packed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write("hello"u8);
        }

        return packed.ToArray();
    }
}
