using System.Text.Json;
using Iga.Bucket;
using Iga.Faults;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>What the store makes of answers that say no, and of none.</summary>
public abstract class GcsWireTests : GcsOnAWire
{
    private protected GcsWireTests(GcsWire wire)
        : base(wire)
    {
    }

    [Fact]
    public async Task The_upload_says_what_it_is_and_carries_no_credentials()
    {
        await using var server = await ScriptedServer.StartAsync(Bucket.HandleAsync);

        await PutAsync(server);

        Assert.StartsWith("/upload/storage/v1/b/b/o?", server.Requests[0].Target, StringComparison.Ordinal);
        Assert.Contains("ifGenerationMatch=0", server.Requests[0].Target, StringComparison.Ordinal);
        Assert.Equal(Wired.IsResumable ? ["POST", "PUT"] : ["POST"], server.Requests.Select(r => r.Method));
        Assert.All(server.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
        Assert.All(server.Requests, request => Assert.NotNull(request.Headers.ContentLength));
        var json = JsonDocument.Parse(Bucket.Objects[Name].Resource.ToJsonString()).RootElement;
        Assert.Equal(Image.Crc32C, json.GetProperty("crc32c").GetString());
        Assert.Equal(Image.TaskId.ToString(), json.GetProperty("metadata").GetProperty("iga_task_id").GetString());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task A_bucket_that_says_no_is_denied_at_once(int status)
    {
        await using var server = await ScriptedServer.StartAsync(
            Wire.Answer(status, """{"error":{"message":"iga@p.iam.gserviceaccount.com has no storage.objects.create access"}}"""));

        var failure = await FailAsync(server);

        Assert.Equal((FailureKind.StorageDenied, false), (failure.Kind, failure.IsTransient));
        Assert.Contains("[account] has no storage.objects.create access.", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Equal([("gcs_upload", FailureKind.StorageDenied)], Observer.Calls);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_bucket_that_is_out_of_order_is_tried_three_times(int status)
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(status, "<html>"));

        var failure = await FailAsync(server);

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Equal((3, 3, 3), (server.Requests.Count, Opened, Observer.Calls.Count));
    }

    [Fact]
    public async Task A_reset_a_503_and_then_success_store_the_whole_content()
    {
        await using var server = await ScriptedServer.StartAsync(
            [.. Upload(Wire.Reset), .. Upload(Wire.Answer(503, "{}", "1")), Bucket.HandleAsync]);

        var stored = await PutAsync(server);

        Assert.False(stored.Adopted);
        Assert.Equal(Picture, Bucket.Objects[Name].Content);
        Assert.Equal((3, 3), (Calls(server).Count(), Opened));
        Assert.Contains(TimeSpan.FromSeconds(1), Time.ShortWaits);
    }

    [Fact]
    public async Task A_long_Retry_After_is_handed_on_at_once()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(503, "{}", "30"));

        Assert.Equal(TimeSpan.FromSeconds(30), (await FailAsync(server)).RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_stalled_upload_ends_at_the_timeout_and_is_tried_again()
    {
        var upload = Upload(Wire.Stall);
        await using var server = await ScriptedServer.StartAsync([.. upload, Bucket.HandleAsync]);

        var put = PutAsync(server);
        foreach (var _ in upload)
        {
            await server.ArrivalAsync();
        }

        Time.Advance(GcsImageStore.AttemptTimeout);

        Assert.False((await put.WaitAsync(TimeSpan.FromSeconds(30))).Adopted);
        Assert.Equal(Picture, Bucket.Objects[Name].Content);
    }

    [Fact]
    public async Task Without_a_bucket_nothing_is_sent()
    {
        await using var server = await ScriptedServer.StartAsync(Bucket.HandleAsync);

        var failure = await Assert.ThrowsAsync<FailureException>(() => PutAsync(server, bucketName: null));

        Assert.Equal((FailureKind.StorageDenied, false), (failure.Kind, failure.IsTransient));
        await Assert.ThrowsAsync<FailureException>(
            () => Store(server, bucketName: null).AdoptAsync([Name], Image.TaskId, CancellationToken.None));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Content_that_cannot_be_opened_is_the_callers_fault_to_handle()
    {
        await using var server = await ScriptedServer.StartAsync(Bucket.HandleAsync);

        await Assert.ThrowsAsync<FileNotFoundException>(
            () => Store(server).PutAsync(Image, _ => throw new FileNotFoundException(), CancellationToken.None));
    }

    [Fact]
    public async Task A_delete_that_fails_is_tried_again_and_not_measured_as_an_upload()
    {
        await using var server = await ScriptedServer.StartAsync(Bucket.HandleAsync);
        await PutAsync(server);
        await using var flaky = await ScriptedServer.StartAsync(Wire.Reset, Wire.Answer(503, "{}"), Bucket.HandleAsync);

        await Store(flaky).DeleteOwnAsync(Name, Image.TaskId, CancellationToken.None);

        Assert.Empty(Bucket.Objects);
        Assert.Single(Observer.Calls);
    }

    [Fact]
    public async Task After_ten_failures_the_store_is_left_alone()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(503, "{}", "30"));
        var store = Store(server);
        for (var i = 0; i < 12; i++)
        {
            await Assert.ThrowsAsync<FailureException>(() => store.DeleteOwnAsync(Name, Image.TaskId, CancellationToken.None));
        }

        Assert.Equal(10, server.Requests.Count);
    }
}
