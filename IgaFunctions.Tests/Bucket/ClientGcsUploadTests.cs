using Iga.Bucket;
using Iga.Faults;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Bucket;

/// <summary>Faults that only an upload in two requests can meet: one begins it, the other brings the content.</summary>
public sealed class ClientGcsUploadTests() : GcsOnAWire(GcsWire.Client)
{
    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_upload_that_the_bucket_has_lost_begins_anew(int status)
    {
        await using var server = await ScriptedServer.StartAsync([.. Upload(Wire.Answer(status, "{}")), Bucket.HandleAsync]);

        Assert.False((await PutAsync(server)).Adopted);

        Assert.Equal(["POST", "PUT", "POST", "PUT"], server.Requests.Select(r => r.Method));
        Assert.Equal(Picture, Bucket.Objects[Name].Content);
    }

    [Fact]
    public async Task Refused_content_is_sent_again_after_a_pause_only()
    {
        await using var server = await ScriptedServer.StartAsync([.. Upload(Wire.Answer(503, "{}", "2")), Bucket.HandleAsync]);

        await PutAsync(server);

        Assert.Equal(["POST", "PUT", "POST", "PUT"], server.Requests.Select(r => r.Method));
        Assert.Contains(TimeSpan.FromSeconds(2), Time.ShortWaits);
    }

    [Fact]
    public async Task Content_that_was_kept_in_part_is_completed()
    {
        await using var server = await ScriptedServer.StartAsync(
            Bucket.HandleAsync,
            KeptUpTo(100_000),
            Wire.Answer(200, $$"""{"name":"{{Name}}","generation":"1","crc32c":"{{Image.Crc32C}}"}"""));

        Assert.False((await PutAsync(server)).Adopted);

        Assert.Equal(
            ["", "bytes 0-199999/200000", "bytes 100000-199999/200000"],
            server.Requests.Select(r => r.Headers.ContentRange.ToString()));
        Assert.Equal(Picture[100_000..], server.Requests[^1].Body);
    }

    [Fact]
    public async Task Content_that_is_never_kept_is_not_sent_for_ever()
    {
        await using var server = await ScriptedServer.StartAsync(
            context => HttpMethods.IsPost(context.Request.Method) ? Bucket.HandleAsync(context) : KeptUpTo(0)(context));

        var failure = await FailAsync(server).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Equal(["POST", "PUT", "POST", "PUT", "POST", "PUT"], server.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task The_token_goes_to_no_other_host_than_the_bucket_s()
    {
        using var handler = new CapturingHandler { Location = new("https://elsewhere.test/upload?upload_id=1") };
        var transport = Wired.Create(
            handler, new("b", "images/iga/", StorageOptions.GoogleEndpoint), new BearerAuthorization(), Time);
        using var content = new MemoryStream(Picture);

        var failure = await Assert.ThrowsAsync<FailureException>(
            () => transport.InsertAsync("b", Image, content, CancellationToken.None));

        Assert.Equal((FailureKind.StorageDenied, false), (failure.Kind, failure.IsTransient));
        Assert.Equal(StorageOptions.GoogleEndpoint.Host, Assert.Single(handler.Requests).Address?.Host);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no address")]
    [InlineData("http://")]
    public async Task An_upload_that_begins_nowhere_is_transient(string? location)
    {
        await using var server = await ScriptedServer.StartAsync(BeginAt(location));

        var failure = await FailAsync(server);

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Equal(3, server.Requests.Count);
    }

    private static RequestDelegate BeginAt(string? location) => context =>
    {
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };

    private static RequestDelegate KeptUpTo(int length) => context =>
    {
        context.Response.StatusCode = 308;
        if (length > 0)
        {
            context.Response.Headers.Range = $"bytes=0-{length - 1}";
        }

        return Task.CompletedTask;
    };
}
