using Iga.Faults;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Bucket;

/// <summary>What the store makes of an object that is there already, or is not what was sent.</summary>
public abstract class GcsRecoveryTests : GcsOnAWire
{
    private protected GcsRecoveryTests(GcsWire wire)
        : base(wire)
    {
    }

    [Fact]
    public async Task An_upload_whose_answer_is_lost_is_found_to_be_our_own()
    {
        await using var server = await ScriptedServer.StartAsync(
        [
            .. Upload(async context =>
            {
                context.Response.Body = Stream.Null;
                await Bucket.HandleAsync(context);
                context.Abort();
            }),
            Bucket.HandleAsync,
        ]);

        var stored = await PutAsync(server);

        Assert.False(stored.Adopted);
        Assert.Single(Bucket.Objects);
        Assert.Equal(["POST", "POST", "GET"], Calls(server));
    }

    [Fact]
    public async Task An_object_that_is_gone_again_after_a_412_is_stored()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(412, "{}"), Bucket.HandleAsync);

        Assert.False((await PutAsync(server)).Adopted);
        Assert.Equal(["POST", "GET", "POST"], Calls(server));
    }

    [Fact]
    public async Task An_object_with_another_checksum_than_ours_is_taken_back_and_stored_again()
    {
        await using var server = await ScriptedServer.StartAsync([.. Upload(Corrupting(Bucket)), Bucket.HandleAsync]);

        var stored = await PutAsync(server);

        Assert.False(stored.Adopted);
        Assert.Equal(["POST", "DELETE", "POST"], Calls(server));
        Assert.Equal(Picture, Bucket.Objects[Name].Content);
    }

    [Fact]
    public async Task A_damaged_object_that_could_not_be_taken_back_is_not_taken_for_a_good_one()
    {
        await using var server = await ScriptedServer.StartAsync(
            [.. Upload(Corrupting(Bucket)), Wire.Answer(503, "{}"), Bucket.HandleAsync]);

        await PutAsync(server);

        Assert.Equal(["POST", "DELETE", "POST", "GET", "DELETE", "POST"], Calls(server));
        Assert.Single(Bucket.Objects);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"generation":"x"}""")]
    public async Task An_answer_that_cannot_be_read_is_transient(string body)
    {
        var upload = Upload(Wire.Answer(200, body));
        await using var server = await ScriptedServer.StartAsync([.. upload, .. upload, .. upload]);

        var failure = await FailAsync(server);

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Equal(["POST", "POST", "POST"], Calls(server));
    }

    [Fact]
    public async Task Bytes_that_were_damaged_on_their_way_are_sent_again()
    {
        await using var server = await ScriptedServer.StartAsync(
        [
            .. Upload(Wire.Answer(
                400, """{"error":{"message":"Provided CRC32C \"a\" doesn't match calculated CRC32C \"b\"."}}""")),
            Bucket.HandleAsync,
        ]);

        await PutAsync(server);

        Assert.Equal(["POST", "POST"], Calls(server));
    }

    // The object is stored, but GCS says that it computed another checksum.
    private static RequestDelegate Corrupting(TinyBucket bucket) => async context =>
    {
        var answer = context.Response.Body;
        context.Response.Body = Stream.Null;
        await bucket.HandleAsync(context);
        context.Response.Body = answer;
        var generation = (string?)bucket.Objects[Name].Resource["generation"];
        await Wire.Answer(200, $$"""{"generation":"{{generation}}","crc32c":"AAAAAA=="}""")(context);
    };
}
