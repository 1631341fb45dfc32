using System.Text;
using Iga.Bucket;
using Iga.Callers;
using Iga.GenerateImage;
using Iga.Http;
using Iga.LocalHost.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Limits;

/// <summary>However many large bodies come at once, they leave the processor to other requests.</summary>
public sealed class LargeBodiesTests
{
    private const int Large = 250 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly RequestReader _reader;

    public LargeBodiesTests()
    {
        var app = HostConfiguration.Check(
            new ConfigurationBuilder().AddInMemoryCollection(
                [new("GCS_BUCKET_NAME", "a-bucket"), new("IGA_GCS_IMAGE_PREFIX", "images/")]).Build()).App;
        var objects = new KeyObjects(null!, app.Storage, NullLogger<KeyObjects>.Instance);
        _reader = new RequestReader(app.Requests, app.Models, objects, app.Idempotency, _time);
    }

    [Fact]
    public async Task After_a_large_body_the_next_ones_wait_and_small_ones_do_not()
    {
        await ReadAsync(Large);
        var second = ReadAsync(Large);
        var third = ReadAsync(Large);
        await ReadAsync(LargeBodies.LargerThan);
        Assert.False(second.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(30));
        await second;
        Assert.False(third.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(30));
        await third;
    }

    [Fact]
    public async Task Middling_bodies_have_one_pause_for_several()
    {
        var began = Enumerable.Range(0, 100).Select(_ => ReadAsync(4 * 1024)).ToArray();
        await began[0];
        await began[20];
        Assert.False(began[99].IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(30));
        await began[99];
    }

    [Fact]
    public async Task Callers_take_turns()
    {
        await ReadAsync(Large);
        var hostile = Enumerable.Range(0, 20).Select(_ => ReadAsync(Large, "hostile")).ToArray();
        var other = ReadAsync(Large, "other");

        _time.Advance(TimeSpan.FromMilliseconds(30));
        await hostile[0];
        _time.Advance(TimeSpan.FromMilliseconds(30));
        await other;
        Assert.False(hostile[1].IsCompleted);
    }

    [Fact]
    public async Task Who_hangs_up_while_waiting_keeps_nobody_waiting()
    {
        await ReadAsync(Large);
        using var hangUp = new CancellationTokenSource();
        var gone = ReadAsync(Large, cancellationToken: hangUp.Token);
        var next = ReadAsync(Large);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        _time.Advance(TimeSpan.FromMilliseconds(30));
        await next;
    }

    [Fact]
    public async Task Few_large_bodies_are_in_memory_at_once_and_those_that_do_not_come_make_room()
    {
        var stalled = Enumerable.Range(0, LargeBodies.MostInMemory)
            .Select(_ => _reader.ReadAsync(Request(Large, new NeverEnding()), CancellationToken.None)).ToArray();
        var next = ReadAsync(LargeBodies.RoomyFrom + 1);
        var unknown = _reader.ReadAsync(Request(null, Body(100)), CancellationToken.None);
        await ReadAsync(LargeBodies.RoomyFrom);
        Assert.False(next.IsCompleted || unknown.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.All(
            await Task.WhenAll(stalled.Select(body => Assert.ThrowsAsync<RejectedException>(() => body))),
            refused => Assert.Equal((400, "IGA_MALFORMED_JSON"), (refused.Status, refused.ErrorCode)));
        await next;
        await unknown;
    }

    private async Task ReadAsync(int length, string? caller = null, CancellationToken cancellationToken = default) =>
        await _reader.ReadAsync(Request(length, Body(length), caller), cancellationToken);

    private static MemoryStream Body(int length)
    {
        const string begin = """{"prompt":"a lighthouse","other":" """;
        return new MemoryStream(Encoding.UTF8.GetBytes(begin + new string('a', length - begin.Length - 2) + "\"}"));
    }

    private static HttpRequest Request(long? length, Stream body, string? caller = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["X-Idempotency-Key"] = "a-key";
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = length;
        context.Request.Body = body;
        if (caller is not null)
        {
            context.Features.Set(new Caller(caller));
        }

        return context.Request;
    }

    /// <summary>A sender that has stopped.</summary>
    private sealed class NeverEnding : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
