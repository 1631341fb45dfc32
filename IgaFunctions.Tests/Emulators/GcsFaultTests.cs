using System.Text.Json;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

public sealed class GcsFaultTests : IAsyncLifetime
{
    private const int Quantum = 256 * 1024;

    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Fact]
    public async Task A_status_in_place_of_the_work_stores_nothing_and_after_the_body_stores_all()
    {
        _gcs.Faults.Add("storage.objects.insert", "return-503");
        var reply = await _gcs.UploadMediaAsync("a", [1]);
        Assert.Equal((503, "backendError"), (reply.Status, reply.Reason));
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "a"));

        _gcs.Faults.Add("storage.objects.insert", "return-503-after-body");
        Assert.Equal(503, (await _gcs.UploadMediaAsync("a", [1])).Status);
        Assert.NotNull(_gcs.Objects.Find(Gcs.Bucket, "a"));
    }

    [Theory]
    [InlineData("return-reset-connection", false)]
    [InlineData("return-reset-connection-after-body", true)]
    public async Task A_reset_says_nothing_of_what_was_stored(string fault, bool stored)
    {
        _gcs.Faults.Add("storage.objects.insert", fault);
        var ending = await RawHttp.PostAsync(
            new Uri(_gcs.Address, $"upload/storage/v1/b/{Gcs.Bucket}/o?uploadType=media&name=a"), "content");
        Assert.Equal((true, ""), (ending.Reset, ending.Text));
        Assert.Equal(stored, _gcs.Objects.Find(Gcs.Bucket, "a") is not null);
    }

    [Fact]
    public async Task An_upload_that_breaks_after_256K_goes_on_from_there()
    {
        var content = Gcs.Content(2 * Quantum);
        _gcs.Faults.Add("storage.objects.insert", "return-503-after-256K");
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        Assert.Equal(503, (await _gcs.PutChunkAsync(session, content, 0, content.Length - 1, content.Length)).Status);
        Assert.Equal($"bytes=0-{Quantum - 1}", (await _gcs.AskStatusAsync(session)).Range());
        Assert.Equal(200, (await _gcs.PutChunkAsync(session, content, Quantum, content.Length - 1, content.Length)).Status);
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
    }

    [Fact]
    public async Task An_upload_in_one_request_that_breaks_stores_nothing()
    {
        _gcs.Faults.Add("storage.objects.insert", "return-503-after-256K");
        Assert.Equal(503, (await _gcs.UploadMultipartAsync(new { name = "a" }, Gcs.Content(2 * Quantum))).Status);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "a"));
    }

    [Fact]
    public async Task A_lost_answer_scripted_for_inserts_strikes_where_the_object_is_made()
    {
        _gcs.Faults.Add("storage.objects.insert", "return-503-after-body");
        var content = Gcs.Content(Quantum + 1);
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        Assert.Equal(308, (await _gcs.PutChunkAsync(session, content, 0, Quantum - 1, content.Length)).Status);
        Assert.Equal(503, (await _gcs.PutChunkAsync(session, content, Quantum, Quantum, content.Length)).Status);
        Assert.Equal(200, (await _gcs.AskStatusAsync(session)).Status);
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
    }

    [Fact]
    public async Task One_request_of_a_resumable_upload_can_be_meant()
    {
        _gcs.Faults.Add("storage.objects.insert.chunk", "return-500");
        _gcs.Faults.Add("storage.objects.insert.status", "return-502");
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        Assert.Equal(502, (await _gcs.AskStatusAsync(session)).Status);
        Assert.Equal(500, (await _gcs.PutChunkAsync(session, [1], 0, 0, 1)).Status);
        Assert.Equal(200, (await _gcs.PutChunkAsync(session, [1], 0, 0, 1)).Status);
    }

    [Fact]
    public async Task A_precondition_can_fail_though_it_holds()
    {
        _gcs.Faults.Add("storage.objects.insert", "precondition-failed-412", count: 2);
        var reply = await _gcs.UploadMediaAsync("a", [1], "&ifGenerationMatch=0");
        Assert.Equal((412, "conditionNotMet"), (reply.Status, reply.Reason));
        var session = await _gcs.StartUploadAsync(new { name = "a" });
        Assert.Equal(412, (await _gcs.PutChunkAsync(session, [1], 0, 0, 1)).Status);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "a"));
    }

    [Fact]
    public async Task A_wrong_checksum_can_be_reported_for_what_was_stored_well()
    {
        var content = Gcs.Content(1000);
        _gcs.Faults.Add("storage.objects", "wrong-crc32c", count: 2);
        Assert.NotEqual(Gcs.Crc32C(content), (await _gcs.UploadMediaAsync("a", content)).Json.GetProperty("crc32c").GetString());
        Assert.Equal(content, await _gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
        var download = await _gcs.GetAsync(Gcs.ObjectPath("a") + "?alt=media");
        Assert.DoesNotContain(Gcs.Crc32C(content), download.Headers.GetValues("x-goog-hash").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_can_break_off()
    {
        await _gcs.Objects.PutAsync(Gcs.Bucket, "a", Gcs.Content(2_000_000));
        _gcs.Faults.Add("storage.objects.get", "reset-inside-body-after-64K");
        _gcs.Faults.Add("storage.objects.get", "truncate-body");
        var url = new Uri(_gcs.Address, Gcs.ObjectPath("a") + "?alt=media");
        var reset = await RawHttp.PostAsync(url, "", "GET");
        Assert.Equal((true, 64 * 1024), (reset.Reset, reset.Body.Length));
        var truncated = await RawHttp.PostAsync(url, "", "GET", receiveBuffer: 4096);
        Assert.Equal((false, 1_000_000, 2_000_000), (truncated.Reset, truncated.Body.Length, truncated.ContentLength));
    }

    [Theory]
    [InlineData("storage.objects.get", "GET")]
    [InlineData("storage.objects.delete", "DELETE")]
    public async Task Every_operation_can_fail(string operation, string method)
    {
        await _gcs.Objects.PutAsync(Gcs.Bucket, "a", new byte[] { 1 });
        _gcs.Faults.Add(operation, "return-503");
        Assert.Equal(503, (await _gcs.SendAsync(new HttpMethod(method), Gcs.ObjectPath("a"))).Status);
        Assert.NotNull(_gcs.Objects.Find(Gcs.Bucket, "a"));
        _gcs.Faults.Add("storage.objects.list", "malformed-json");
        var list = await _gcs.GetAsync("storage/v1/b/pictures/o");
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(list.Body));
    }
}
