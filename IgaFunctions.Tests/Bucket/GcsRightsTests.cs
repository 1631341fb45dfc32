using Iga.Faults;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Bucket;

/// <summary>What the store makes of an object that it may not read or change, and of too many requests.</summary>
public abstract class GcsRightsTests : GcsOnAWire
{
    private protected GcsRightsTests(GcsWire wire)
        : base(wire)
    {
    }

    [Theory]
    [InlineData("GET", 401)]
    [InlineData("GET", 403)]
    [InlineData("PATCH", 401)]
    [InlineData("PATCH", 403)]
    public async Task An_object_of_our_name_that_may_not_be_read_or_changed_is_the_keys_picture(string method, int status)
    {
        await using var server = await ScriptedServer.StartAsync(Denying(method, status));
        await PutAsync(server);

        var stored = await Store(server).PutAsync(
            Image with { TaskId = Guid.NewGuid() }, _ => Task.FromResult<Stream>(new MemoryStream(Picture)), CancellationToken.None);

        Assert.Equal(($"gs://b/{Name}", true), (stored.Url, stored.Adopted));
    }

    [Fact]
    public async Task An_object_that_is_in_the_way_and_not_there_is_waited_for_rather_than_promised()
    {
        await using var server = await ScriptedServer.StartAsync(Denying("GET", 404));
        await PutAsync(server);

        var failure = await Assert.ThrowsAsync<FailureException>(() => Store(server).PutAsync(
            Image with { TaskId = Guid.NewGuid() }, _ => Task.FromResult<Stream>(new MemoryStream(Picture)), CancellationToken.None));

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
    }

    [Fact]
    public async Task What_may_not_be_read_is_taken_for_what_an_earlier_attempt_stored_of_the_model_that_stepped_in()
    {
        await using var server = await ScriptedServer.StartAsync(Denying("GET", 403));
        await PutAsync(server);

        var stored = await Store(server).PutAsync(
            Image with { ModelId = "b" }, _ => Task.FromResult<Stream>(new MemoryStream(Picture)), CancellationToken.None);

        Assert.Equal("b", stored.ModelId);
    }

    [Theory]
    [InlineData("GET", 403, null)] // whether it is there can't be told; the upload will tell
    [InlineData("PATCH", 403, $"gs://b/{Name}")]
    public async Task Looking_for_an_object_does_not_fail_a_task_that_lacks_a_right(string method, int status, string? found)
    {
        await using var server = await ScriptedServer.StartAsync(Denying(method, status));
        await PutAsync(server);

        Assert.Equal(found, (await Store(server).AdoptAsync([Name], Guid.NewGuid(), CancellationToken.None))?.Url);
    }

    [Fact]
    public async Task A_damaged_object_that_may_not_be_read_is_not_taken_for_a_good_one()
    {
        await using var server = await ScriptedServer.StartAsync(
        [
            .. Upload(async context =>
            {
                using var sent = new MemoryStream();
                var wire = context.Response.Body;
                context.Response.Body = sent;
                await Bucket.HandleAsync(context);
                context.Response.Body = wire;
                await context.Response.WriteAsync(
                    System.Text.Encoding.UTF8.GetString(sent.ToArray()).Replace(Image.Crc32C, "AAAAAA==", StringComparison.Ordinal));
            }),
            Wire.Answer(503, "{}"), // of the delete
            Denying("GET", 403),
        ]);

        Assert.False((await PutAsync(server)).Adopted);
        Assert.Equal(["POST", "DELETE", "POST", "GET", "DELETE", "POST"], Calls(server));
    }

    [Theory]
    [InlineData("rateLimitExceeded")]
    [InlineData("userRateLimitExceeded")]
    public async Task Too_many_requests_told_as_a_403_are_tried_again(string reason)
    {
        var limited = Wire.Answer(
            403, $$"""{"error": {"errors": [{"domain": "usageLimits", "reason": "{{reason}}" }], "message": "slow down"} }""", "1");
        await using var server = await ScriptedServer.StartAsync(limited, limited, Bucket.HandleAsync);
        await using var lasting = await ScriptedServer.StartAsync(limited);

        Assert.False((await PutAsync(server)).Adopted);
        Assert.Contains(TimeSpan.FromSeconds(1), Time.ShortWaits);
        await Assert.ThrowsAsync<FailureException>(() => Store(lasting).AdoptAsync([Name], Guid.NewGuid(), CancellationToken.None));
        var failure = await FailAsync(lasting);

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Contains("slow down.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_to_come_back_is_read_by_the_clock_of_the_answer()
    {
        var theirs = Time.GetUtcNow() + TimeSpan.FromHours(5);
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.Date = theirs.ToString("r");
            return Wire.Answer(503, "{}", (theirs + TimeSpan.FromSeconds(30)).ToString("r"))(context);
        });

        Assert.Equal(TimeSpan.FromSeconds(30), (await FailAsync(server)).RetryAfter);
    }

    [Theory]
    [InlineData("no date", 30, 30)]
    [InlineData("no date", -30, 0)]
    public async Task Without_a_date_of_its_own_it_is_read_by_our_clock(string date, int seconds, int wait)
    {
        // The clock of the test has no fractions of a second, which a date can't tell.
        var until = Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.Date = date;
            return Wire.Answer(503, "{}", until.ToString("r"))(context);
        });

        Assert.Equal(TimeSpan.FromSeconds(wait), (await FailAsync(server)).RetryAfter);
    }

    private RequestDelegate Denying(string method, int status) => context => context.Request.Method == method
        ? Wire.Answer(status, """{"error":{"message":"no"}}""")(context)
        : Bucket.HandleAsync(context);
}
