using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

public sealed class GcsUploadTests : IAsyncLifetime
{
    private const int Quantum = 256 * 1024;

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
    public async Task A_resumable_upload_goes_chunk_by_chunk()
    {
        var content = Gcs.Content((2 * Quantum) + 100);
        var session = await _gcs.StartUploadAsync(new { name = "big.png", contentType = "image/png" });
        Assert.Null((await _gcs.AskStatusAsync(session)).Range());
        var first = await _gcs.PutChunkAsync(session, content, 0, Quantum - 1, total: null);
        Assert.Equal((308, $"bytes=0-{Quantum - 1}"), (first.Status, first.Range()));
        var second = await _gcs.PutChunkAsync(session, content, Quantum, (2 * Quantum) - 1, content.Length);
        Assert.Equal(308, second.Status);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "big.png"));
        var last = await _gcs.PutChunkAsync(
            session, content, 2 * Quantum, content.Length - 1, content.Length, ("x-goog-hash", $"crc32c={Gcs.Crc32C(content)}"));
        Assert.Equal(200, last.Status);
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "big.png"));

        var asked = await _gcs.AskStatusAsync(session);
        Assert.Equal(200, asked.Status);
        Assert.Equal(last.Json.GetProperty("generation").GetString(), asked.Json.GetProperty("generation").GetString());
    }

    [Fact]
    public async Task A_resumable_upload_goes_on_after_a_break_from_whole_quanta()
    {
        var content = Gcs.Content((3 * Quantum) + 77);
        var session = await _gcs.StartUploadAsync(new { name = "big.png" });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(session.Host, session.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT {session.PathAndQuery} HTTP/1.1\r\nHost: {session.Authority}\r\nContent-Length: {content.Length}\r\n"
                + $"Content-Range: bytes 0-{content.Length - 1}/{content.Length}\r\n\r\n"));
            await stream.WriteAsync(content.AsMemory(0, Quantum + 5_000));
        }

        var status = await _gcs.AskStatusAsync(session, $"bytes */{content.Length}");
        Assert.Equal(308, status.Status);
        // How much of what was sent had arrived is up to TCP; never more than the whole quanta of it.
        Assert.Contains(status.Range(), new[] { null, $"bytes=0-{Quantum - 1}" });
        var next = status.Range() is null ? 0 : Quantum;
        Assert.Equal(200, (await _gcs.PutChunkAsync(session, content, next, content.Length - 1, content.Length)).Status);
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "big.png"));
    }

    [Fact]
    public async Task A_chunk_that_is_sent_again_is_taken_once_and_one_that_skips_is_refused()
    {
        var content = Gcs.Content(2 * Quantum);
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        await _gcs.PutChunkAsync(session, content, 0, Quantum - 1, content.Length);
        var skipped = await _gcs.PutChunkAsync(session, content, Quantum + 1, content.Length - 1, content.Length);
        Assert.Equal(400, skipped.Status);
        Assert.Equal(200, (await _gcs.PutChunkAsync(session, content, 0, content.Length - 1, content.Length)).Status);
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
    }

    [Fact]
    public async Task A_chunk_that_is_no_multiple_of_the_quantum_is_kept_up_to_one()
    {
        var content = Gcs.Content(2 * Quantum);
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        var reply = await _gcs.PutChunkAsync(session, content, 0, Quantum + 99, total: null);
        Assert.Equal((308, $"bytes=0-{Quantum - 1}"), (reply.Status, reply.Range()));
    }

    [Fact]
    public async Task A_resumable_upload_can_be_empty_or_come_in_one_piece()
    {
        var empty = await _gcs.StartUploadAsync(new { name = "empty" });
        Assert.Equal("0", (await _gcs.AskStatusAsync(empty, "bytes */0")).Json.GetProperty("size").GetString());
        var content = Gcs.Content(1000);
        var whole = await _gcs.StartUploadAsync(new { name = "whole" });
        Assert.Equal(200, (await _gcs.SendAsync(HttpMethod.Put, whole.AbsoluteUri, new ByteArrayContent(content))).Status);
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "whole"));
    }

    [Fact]
    public async Task A_resumable_upload_checks_its_precondition_and_its_checksum_at_its_end()
    {
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        await _gcs.Objects.PutAsync(Gcs.Bucket, "a", new byte[] { 1 });
        Assert.Equal(412, (await _gcs.PutChunkAsync(session, [2], 0, 0, 1)).Status);
        Assert.Equal([1], await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));

        var corrupt = await _gcs.StartUploadAsync(new { name = "b" });
        Assert.Equal(400, (await _gcs.PutChunkAsync(corrupt, [2], 0, 0, 1, ("x-goog-hash", "crc32c=AAAAAA=="))).Status);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "b"));
    }

    [Fact]
    public async Task A_cancelled_upload_is_gone()
    {
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        Assert.Equal(499, (await _gcs.SendAsync(HttpMethod.Delete, session.AbsoluteUri)).Status);
        Assert.Equal(404, (await _gcs.AskStatusAsync(session)).Status);
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
