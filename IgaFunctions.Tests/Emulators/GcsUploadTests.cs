using System.Net.Http.Headers;
using System.Security.Cryptography;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

public sealed class GcsUploadTests : IAsyncLifetime
{
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket] });

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Fact]
    public async Task A_media_upload_becomes_an_object_with_the_fields_of_GCS()
    {
        var content = Gcs.Content(100_000);
        var reply = await _gcs.UploadMediaAsync("images/iga/a b.png", content);
        Assert.Equal(200, reply.Status);
        Assert.Equal("storage#object", Text("kind"));
        Assert.Equal("images/iga/a b.png", Text("name"));
        Assert.Equal("100000", Text("size"));
        Assert.Equal("1", Text("metageneration"));
        Assert.Equal("image/png", Text("contentType"));
        Assert.Equal(Gcs.Crc32C(content), Text("crc32c"));
#pragma warning disable CA5351 // what the API has
        Assert.Equal(Convert.ToBase64String(MD5.HashData(content)), Text("md5Hash"));
#pragma warning restore CA5351
        Assert.True(long.Parse(Text("generation"), System.Globalization.CultureInfo.InvariantCulture) > 1_700_000_000_000_000);
        Assert.Equal($"{_gcs.Address}{Gcs.ObjectPath("images/iga/a b.png")}", Text("selfLink"));
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "images/iga/a b.png"));

        string Text(string field) => reply.Json.GetProperty(field).GetString()!;
    }

    [Fact]
    public async Task A_multipart_upload_brings_its_metadata()
    {
        var content = Gcs.Content(300_000);
        var reply = await _gcs.UploadMultipartAsync(
            new
            {
                name = "a.png",
                contentType = "image/png",
                crc32c = Gcs.Crc32C(content),
                cacheControl = "no-store",
                metadata = new { iga_task_id = "42" },
            },
            content);
        Assert.Equal(200, reply.Status);
        Assert.Equal("42", reply.Json.GetProperty("metadata").GetProperty("iga_task_id").GetString());
        var item = _gcs.Objects.Find(Gcs.Bucket, "a.png")!;
        Assert.Equal(("image/png", "no-store", 300_000L), (item.ContentType, item.CacheControl, item.Size));
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "a.png"));
    }

    [Theory]
    [InlineData("crc32c", "AAAAAA==")]
    [InlineData("md5Hash", "AAAAAAAAAAAAAAAAAAAAAA==")]
    public async Task A_checksum_that_does_not_match_is_refused(string field, string value)
    {
        var resource = new Dictionary<string, string> { ["name"] = "a", [field] = value };
        var reply = await _gcs.UploadMultipartAsync(resource, Gcs.Content(10));
        Assert.Equal((400, "invalid"), (reply.Status, reply.Reason));
        Assert.Contains("doesn't match calculated", reply.Body, StringComparison.Ordinal);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "a"));
    }

    [Fact]
    public async Task The_hash_header_is_checked_too()
    {
        var content = Gcs.Content(10);
        Assert.Equal(400, (await _gcs.UploadMediaAsync("a", content, hash: "crc32c=AAAAAA==")).Status);
        Assert.Equal(200, (await _gcs.UploadMediaAsync("a", content, hash: $"crc32c={Gcs.Crc32C(content)}")).Status);
    }

    [Fact]
    public async Task Generation_preconditions_are_obeyed()
    {
        var first = await _gcs.UploadMediaAsync("a", [1], "&ifGenerationMatch=0");
        var generation = first.Json.GetProperty("generation").GetString();
        var again = await _gcs.UploadMediaAsync("a", [2], "&ifGenerationMatch=0");
        Assert.Equal((412, "conditionNotMet"), (again.Status, again.Reason));
        Assert.Equal(412, (await _gcs.UploadMediaAsync("a", [3], $"&ifGenerationNotMatch={generation}")).Status);
        Assert.Equal(412, (await _gcs.UploadMediaAsync("b", [3], "&ifGenerationNotMatch=0")).Status);
        Assert.Equal([1], await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
        var replaced = await _gcs.UploadMediaAsync("a", [4], $"&ifGenerationMatch={generation}");
        Assert.Equal(200, replaced.Status);
        Assert.NotEqual(generation, replaced.Json.GetProperty("generation").GetString());
        Assert.Equal([4], await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
        Assert.Equal(2, _gcs.Inserts);
    }

    [Fact]
    public async Task Of_twenty_inserts_at_once_with_a_precondition_one_wins()
    {
        var replies = await Task.WhenAll(Enumerable.Range(1, 20).Select(i =>
            _gcs.UploadMultipartAsync(new { name = "one" }, Gcs.Content(50_000, seed: i))));
        Assert.Single(replies, r => r.Status == 200);
        Assert.Equal(19, replies.Count(r => r.Status == 412));
        var winner = Array.FindIndex(replies, r => r.Status == 200) + 1;
        Assert.Equal(Gcs.Content(50_000, winner), await _gcs.Objects.ReadAsync(Gcs.Bucket, "one"));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        Assert.Equal((404, "notFound"), Pair(await _gcs.UploadMediaAsync("a", [1], bucket: "elsewhere")));
        Assert.Equal((400, "required"), Pair(await _gcs.UploadMediaAsync("", [1])));
        Assert.Equal((400, "invalid"), Pair(await _gcs.UploadMediaAsync("a", [1], "&ifGenerationMatch=x")));
        Assert.Equal((400, "invalid"), Pair(await _gcs.UploadMediaAsync(new string('a', 1025), [1])));
        Assert.Equal((400, "invalid"), Pair(await _gcs.SendAsync(
            HttpMethod.Post, $"upload/storage/v1/b/{Gcs.Bucket}/o?uploadType=multipart", new StringContent("x"))));
        Assert.Equal((400, "invalid"), Pair(await _gcs.SendAsync(
            HttpMethod.Post, $"upload/storage/v1/b/{Gcs.Bucket}/o?uploadType=none", new StringContent("x"))));
        var brokenOff = new StringContent("--x\r\n\r\n{\"name\": \"a\"}\r\n--x\r\n\r\nhalf of it");
        brokenOff.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/related; boundary=x");
        Assert.Equal((400, "invalid"), Pair(await _gcs.SendAsync(
            HttpMethod.Post, $"upload/storage/v1/b/{Gcs.Bucket}/o?uploadType=multipart", brokenOff)));
        Assert.Empty(_gcs.Objects.List(Gcs.Bucket));

        static (int, string) Pair(Gcs.Reply reply) => (reply.Status, reply.Reason);
    }
}
