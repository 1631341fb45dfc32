using System.Globalization;
using Iga.Bucket;
using Iga.Faults;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Bucket;

/// <summary>How a picture's bytes are asked for, and what is made of answers that are not them.</summary>
public abstract class ReadPictureTests : GcsOnAWire
{
    private static readonly StoredPicture Stored = new("b", Name, 17, 200_000, "AAAAAA==", null);

    private protected ReadPictureTests(GcsWire wire)
        : base(wire)
    {
    }

    [Fact]
    public async Task A_part_of_one_version_is_asked_for_and_read()
    {
        await using var server = await ScriptedServer.StartAsync(Part(Picture, 100, 50));

        await using var content = await Pictures(server).OpenAsync(Stored, 100, 50, default);

        using var read = new MemoryStream();
        await content!.CopyToAsync(read);
        Assert.Equal(Picture[100..150], read.ToArray());
        var request = Assert.Single(server.Requests);
        Assert.Equal(("GET", "bytes=100-149"), (request.Method, request.Headers.Range.ToString()));
        Assert.Equal($"/storage/v1/b/b/o/{Uri.EscapeDataString(Name)}?alt=media&generation=17", request.Target);
    }

    [Fact]
    public async Task All_of_it_may_come_without_a_range()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Body(Picture, null));

        await using var content = await Pictures(server).OpenAsync(Stored with { Size = Picture.Length }, 0, Picture.Length, default);

        using var read = new MemoryStream();
        await content!.CopyToAsync(read);
        Assert.Equal(Picture, read.ToArray());
    }

    [Fact]
    public async Task A_version_that_is_gone_is_no_failure()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(404, "No such object"));

        Assert.Null(await Pictures(server).OpenAsync(Stored, 0, 10, default));
    }

    [Fact]
    public async Task Another_part_than_was_asked_for_is_never_given_out()
    {
        await using var server = await ScriptedServer.StartAsync(Part(Picture, 0, 50));

        var failure = await Assert.ThrowsAsync<FailureException>(() => Pictures(server).OpenAsync(Stored, 100, 50, default));

        Assert.Equal((FailureKind.StorageUnavailable, 3), (failure.Kind, server.Requests.Count));
    }

    [Fact]
    public async Task All_of_it_is_not_taken_for_its_end()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Body(Picture, null));

        await Assert.ThrowsAsync<FailureException>(() => Pictures(server).OpenAsync(Stored, 100, 50, default));
    }

    [Theory]
    [InlineData(503, FailureKind.StorageUnavailable, 3)]
    [InlineData(403, FailureKind.StorageDenied, 1)]
    public async Task A_bucket_that_says_no_is_told(int status, string kind, int attempts)
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(status, "<html>"));

        var failure = await Assert.ThrowsAsync<FailureException>(() => Pictures(server).OpenAsync(Stored, 0, 50, default));

        Assert.Equal((kind, attempts), (failure.Kind, server.Requests.Count));
    }

    [Fact]
    public async Task Content_that_ends_early_is_no_end()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = "bytes 0-99/200000";
            await context.Response.Body.WriteAsync(Picture.AsMemory(0, 40)); // in chunks, and so without a length
        });

        await using var content = await Pictures(server).OpenAsync(Stored, 0, 100, default);

        await Assert.ThrowsAnyAsync<IOException>(() => content!.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task Content_that_stands_still_is_given_up_and_content_that_is_slow_is_not()
    {
        using var goOn = new SemaphoreSlim(0);
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = "bytes 0-99/200000";
            foreach (var part in (Range[])[new(0, 20), new(20, 40), new(40, 60)])
            {
                await context.Response.Body.WriteAsync(Picture.AsMemory(part), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await goOn.WaitAsync(context.RequestAborted);
            }

            await Wire.Stall(context);
        });
        await using var content = await Pictures(server).OpenAsync(Stored, 0, 100, default);
        var buffer = new byte[100];
        Assert.Equal(20, await content!.ReadAsync(buffer));
        for (var part = 0; part < 2; part++)
        {
            var slow = content.ReadAsync(buffer).AsTask();
            Time.Advance(ArrivingContent.LongestSilence - TimeSpan.FromSeconds(1));
            Assert.False(slow.IsCompleted);
            goOn.Release();
            Assert.Equal(20, await slow);
        }

        var never = content.ReadAsync(buffer).AsTask();
        goOn.Release();
        Time.Advance(ArrivingContent.LongestSilence);

        await Assert.ThrowsAsync<IOException>(() => never);
    }

    private StoredPictures Pictures(ScriptedServer server) => new(
        Wired.CreateFor(server.Address, "b", Time), new("b", "images/iga/", server.Address), Observer, Time);

    private static RequestDelegate Part(byte[] picture, int from, int length) => async context =>
    {
        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{picture.Length}");
        await context.Response.Body.WriteAsync(picture.AsMemory(from, length));
    };
}
