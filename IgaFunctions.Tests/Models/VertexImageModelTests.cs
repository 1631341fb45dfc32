using Iga.Faults;
using Iga.Images;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using static Iga.Tests.Models.ScriptedTransport;

namespace Iga.Tests.Models;

public sealed class VertexImageModelTests
{
    private static readonly ImageRequest Request = new("a fox", "1:1", true, "gemini-3.1-flash-image");
    private static readonly byte[] Png = Pictures.Png(5_000);

    private readonly TestTime _time = new();
    private readonly RecordingObserver _observer = new();

    [Theory]
    [InlineData("imagen-4.0-generate-001")]
    [InlineData("gemini-3.1-flash-image")]
    public async Task A_picture_comes_back_whole_and_its_buffer_is_given_back_with_it(string modelId)
    {
        var transport = new ScriptedTransport(
            Answer(200, modelId[0] == 'i' ? Replies.Predict(Png) : Replies.Gemini(Png)));
        using var model = Model(transport);

        var image = await model.GenerateAsync(Request with { ModelId = modelId }, CancellationToken.None);

        Assert.Equal(Png, image.Bytes.ToArray());
        Assert.Equal(ImageFormat.Png, image.Format);
        Assert.Equal(1, transport.Outstanding);
        image.Dispose();
        Assert.Equal(0, transport.Outstanding);
    }

    [Fact]
    public async Task A_model_of_no_family_is_refused_and_not_called_as_one_of_another()
    {
        var transport = new ScriptedTransport(Answer(200, Replies.Gemini(Png)));
        using var model = Model(transport);

        var failure = await Assert.ThrowsAsync<FailureException>(
            () => model.GenerateAsync(Request with { ModelId = "stable-diffusion-4" }, CancellationToken.None));

        Assert.Equal((FailureKind.ModelNotFound, false), (failure.Kind, failure.IsTransient));
        Assert.Contains("gemini-…", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, transport.Calls);
    }

    [Fact]
    public async Task The_format_follows_the_bytes_and_not_the_claim()
    {
        using var model = Model(new(Answer(200, Replies.Gemini(Pictures.Jpeg(99), "image/png"))));

        using var image = await model.GenerateAsync(Request, CancellationToken.None);

        Assert.Equal(ImageFormat.Jpeg, image.Format);
    }

    [Fact]
    public async Task A_short_fault_is_bridged_and_every_attempt_is_measured()
    {
        var transport = new ScriptedTransport(
            Answer(503, "{}"), Throw(new HttpRequestException()), Answer(200, Replies.Gemini(Png)));
        using var model = Model(transport);

        using var image = await model.GenerateAsync(Request, CancellationToken.None);

        Assert.Equal(
            [("vertexai", FailureKind.ModelUnavailable), ("vertexai", FailureKind.ModelUnavailable), ("vertexai", null)],
            _observer.Calls);
        Assert.Equal(1, transport.Outstanding);
    }

    [Fact]
    public async Task A_short_Retry_After_is_obeyed()
    {
        var transport = new ScriptedTransport(
            Answer(429, "{}", TimeSpan.FromSeconds(2)), Answer(200, Replies.Gemini(Png)));
        using var model = Model(transport);

        using var image = await model.GenerateAsync(Request, CancellationToken.None);

        Assert.Equal([TimeSpan.FromSeconds(2)], _time.ShortWaits);
    }

    [Theory]
    [InlineData(429, FailureKind.QuotaExhausted)]
    [InlineData(503, FailureKind.ModelUnavailable)]
    public async Task A_long_Retry_After_is_handed_on_at_once(int status, string kind)
    {
        var transport = new ScriptedTransport(Answer(status, "{}", TimeSpan.FromSeconds(3)));
        using var model = Model(transport);

        var failure = await FailAsync(model);

        Assert.Equal((kind, true, TimeSpan.FromSeconds(3)), (failure.Kind, failure.IsTransient, failure.RetryAfter));
        Assert.Equal(1, transport.Calls);
    }

    [Theory]
    [InlineData(null, 12.5)]
    [InlineData(0.0, 12.5)]
    [InlineData(20.0, 20.0)]
    public async Task Of_Retry_After_and_the_delay_in_the_errors_details_the_longer_counts(double? retryAfter, double wait)
    {
        using var model = Model(new(Answer(
            429,
            """{"error":{"message":"m","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12.5s"}]}}""",
            retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null)));

        Assert.Equal(TimeSpan.FromSeconds(wait), (await FailAsync(model)).RetryAfter);
    }

    [Fact]
    public async Task An_attempt_ends_at_its_timeout_and_is_not_repeated_here_since_it_may_be_billed()
    {
        var transport = new ScriptedTransport(Hang);
        using var model = Model(transport);

        var call = FailAsync(model);
        await Until(() => transport.Calls == 1);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        var failure = await call.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FailureKind.ModelUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Contains("120 seconds", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, transport.Calls);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so_and_the_call_counts_as_cut()
    {
        using var giveUp = new CancellationTokenSource();
        var transport = new ScriptedTransport(Hang);
        using var model = Model(transport);

        var call = model.GenerateAsync(Request, giveUp.Token);
        await Until(() => transport.Calls == 1);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal([("vertexai", "cut")], _observer.Calls);
    }

    [Fact]
    public async Task After_ten_failures_the_model_is_left_alone_for_two_seconds_and_no_other_is()
    {
        var isDown = true;
        var transport = new ScriptedTransport(
            _ => Task.FromResult(isDown ? Reply(503, "{}", TimeSpan.FromSeconds(3)) : Reply(200, Replies.Gemini(Png))));
        using var model = Model(transport);
        for (var i = 0; i < 10; i++)
        {
            await FailAsync(model);
        }

        isDown = false;
        _time.Advance(TimeSpan.FromSeconds(0.5));
        var failure = await FailAsync(model);
        Assert.Equal(
            (FailureKind.ModelUnavailable, true, TimeSpan.FromSeconds(1.5)), (failure.Kind, failure.IsTransient, failure.RetryAfter));
        Assert.Contains("(status 503)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(10, transport.Calls);
        Assert.Equal(10, _observer.Calls.Count);

        using var other = await model.GenerateAsync(Request with { ModelId = "gemini-3-pro-image" }, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        using var image = await model.GenerateAsync(Request, CancellationToken.None);
        Assert.Equal(12, transport.Calls);
    }

    [Fact]
    public async Task An_exhausted_quota_does_not_open_the_circuit()
    {
        var transport = new ScriptedTransport(Answer(429, "{}", TimeSpan.FromSeconds(3)));
        using var model = Model(transport);
        for (var i = 0; i < 20; i++)
        {
            await FailAsync(model);
        }

        Assert.Equal(20, transport.Calls);
    }

    private VertexImageModel Model(ScriptedTransport transport) => new(
        transport,
        new(new("http://unused"), "p", "global", null, null, new CallTimeouts()),
        ModelCatalog.BuiltIn,
        _observer,
        _time);

    private static Task<FailureException> FailAsync(VertexImageModel model) =>
        Assert.ThrowsAsync<FailureException>(() => model.GenerateAsync(Request, CancellationToken.None));

    private static Task Until(Func<bool> condition) => Poll.UntilAsync(condition);
}
