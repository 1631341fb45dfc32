using System.Net.Sockets;
using System.Text;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

public sealed class GcsResumableUploadTests : IAsyncLifetime
{
    private const int Quantum = 256 * 1024;

    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket] });

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

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

    [Theory]
    [InlineData("bytes 0-*/*", 0)]
    [InlineData("bytes 0-*/*", 1)]
    [InlineData("bytes 0-*/*", Quantum + 5)]
    [InlineData("bytes 0-*/1000", 1000)]
    [InlineData("bytes 0-999/1000", 1000)]
    public async Task A_request_that_brings_all_that_is_left_ends_the_upload(string range, int length)
    {
        var content = Gcs.Content(length);
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        var reply = await _gcs.SendAsync(
            HttpMethod.Put, session.AbsoluteUri, Chunked(content), ("Content-Range", range), ("X-Goog-Hash", $"crc32c={Gcs.Crc32C(content)}"));
        Assert.Equal((200, $"{length}"), (reply.Status, reply.Json.GetProperty("size").GetString()));
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
        Assert.Equal(200, (await _gcs.AskStatusAsync(session)).Status);
    }

    [Fact]
    public async Task The_rest_of_an_upload_may_come_without_its_length_after_chunks()
    {
        var content = Gcs.Content(Quantum + 7);
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        await _gcs.PutChunkAsync(session, content, 0, Quantum - 1, total: null);
        var rest = await _gcs.SendAsync(
            HttpMethod.Put, session.AbsoluteUri, Chunked(content[Quantum..]), ("Content-Range", $"bytes {Quantum}-*/*"));
        Assert.Equal(200, rest.Status);
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
    }

    [Fact]
    public async Task A_body_of_unknown_length_that_breaks_off_does_not_end_the_upload()
    {
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(session.Host, session.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT {session.PathAndQuery} HTTP/1.1\r\nHost: {session.Authority}\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Range: bytes 0-*/*\r\n\r\n5\r\nhello\r\n"));
        }

        Assert.Equal((308, null), (await _gcs.AskStatusAsync(session) is var status ? status.Status : 0, status.Range()));
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "a"));
    }

    [Theory]
    [InlineData("bytes 0-*/2000", 1000, 308)] // the rest is still to come
    [InlineData("bytes 0-*/500", 1000, 400)]
    [InlineData("bytes 0-999/500", 1000, 400)]
    [InlineData("bytes 9-3/1000", 1000, 400)]
    [InlineData("bytes 0-99/1000", 1000, 400)]
    [InlineData("bytes 0-999/999999999999999999999", 1000, 400)]
    [InlineData("bytes 5-*/*", 1000, 400)]
    [InlineData("items 0-*/*", 1000, 400)]
    public async Task A_range_that_does_not_fit_its_body_ends_no_upload(string range, int length, int status)
    {
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        var reply = await _gcs.SendAsync(
            HttpMethod.Put, session.AbsoluteUri, new ByteArrayContent(Gcs.Content(length)), ("Content-Range", range));
        Assert.Equal(status, reply.Status);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "a"));
    }

    [Theory]
    [InlineData("bytes 0-*/*", 400)]
    [InlineData("bytes 0-99/99", 400)]
    [InlineData("bytes 0-99/100", 200)]
    [InlineData("bytes */50", 400)]
    public async Task The_size_that_an_upload_was_begun_with_holds(string range, int status)
    {
        var session = (await _gcs.SendAsync(
            HttpMethod.Post,
            $"upload/storage/v1/b/{Gcs.Bucket}/o?uploadType=resumable&name=a",
            new ByteArrayContent([]),
            ("X-Upload-Content-Length", "100"))).Headers.Location!;
        var body = Gcs.Content(range.EndsWith("/100", StringComparison.Ordinal) ? 100 : 99);
        Assert.Equal(status, (await _gcs.SendAsync(
            HttpMethod.Put, session.AbsoluteUri, new ByteArrayContent(body), ("Content-Range", range))).Status);
        Assert.Equal(status == 200, _gcs.Objects.Find(Gcs.Bucket, "a") is not null);
    }

    [Fact]
    public async Task A_cancelled_upload_is_gone()
    {
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        Assert.Equal(499, (await _gcs.SendAsync(HttpMethod.Delete, session.AbsoluteUri)).Status);
        Assert.Equal(404, (await _gcs.AskStatusAsync(session)).Status);
    }

    /// <summary>A body whose length is not told before.</summary>
    private static StreamContent Chunked(byte[] content) => new(new LengthlessStream(content));
}
