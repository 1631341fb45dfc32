using System.Text;
using Iga.Bucket;
using Iga.Callers;
using Iga.GenerateImage;
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

    private async Task ReadAsync(int length, string? caller = null, CancellationToken cancellationToken = default)
    {
        const string begin = """{"prompt":"a lighthouse","other":" """;
        var body = Encoding.UTF8.GetBytes(begin + new string('a', length - begin.Length - 2) + "\"}");
        var context = new DefaultHttpContext();
        context.Request.Headers["X-Idempotency-Key"] = "a-key";
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = length;
        context.Request.Body = new MemoryStream(body);
        if (caller is not null)
        {
            context.Features.Set(new Caller(caller));
        }

        await _reader.ReadAsync(context.Request, cancellationToken);
    }
}
