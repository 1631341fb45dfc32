using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using static Iga.Tests.Models.ScriptedTransport;

namespace Iga.Tests.Models;

public sealed class CallLimitsTests
{
    private static readonly ImageRequest Request = new("a fox", "1:1", true, "gemini-3.1-flash-image");
    private static readonly string Answered = Replies.Gemini(Pictures.Png(100));

    private readonly TestTime _time = new();
    private readonly RecordingObserver _observer = new();

    [Fact]
    public async Task A_call_that_would_wait_too_long_for_its_turn_is_sent_back_without_being_made()
    {
        var transport = new ScriptedTransport(Answer(200, Answered));
        using var model = Model(transport, requestsPerMinute: 1);
        (await model.GenerateAsync(Request, CancellationToken.None)).Dispose();

        var failure = await FailAsync(model);

        Assert.Equal((FailureKind.QuotaExhausted, true, true), (failure.Kind, failure.IsTransient, failure.IsLocalWait));
        Assert.Equal(TimeSpan.FromMinutes(1), failure.RetryAfter);
        Assert.Equal(1, transport.Calls);
        Assert.Single(_observer.Calls);
    }

    [Fact]
    public async Task Calls_within_the_wait_are_spread_evenly()
    {
        var transport = new ScriptedTransport(Answer(200, Answered));
        using var model = Model(transport, requestsPerMinute: 1_200);
        var calls = Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await model.GenerateAsync(Request, CancellationToken.None)).Dispose()));

        // Two at once, then one every 50 ms.
        for (var made = 2; made < 10; made++)
        {
            Assert.Equal(made, transport.Calls);
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Poll.UntilAsync(() => transport.Calls > made);
        }

        await calls;
    }

    [Fact]
    public async Task Where_calls_have_to_wait_callers_take_turns_and_the_newest_of_the_longest_line_makes_room()
    {
        var transport = new ScriptedTransport(Answer(200, Answered));
        using var model = Model(transport, requestsPerMinute: 12);
        List<string> order = [];

        // One is made at once, four may wait.
        var many = Enumerable.Range(0, 5).Select(n => CallAsync($"many {n}", "many")).ToArray();
        var one = CallAsync("one", "one");
        var failure = await Assert.ThrowsAsync<FailureException>(() => many[4]);
        Assert.True(failure.IsLocalWait);
        for (var made = 1; made < 5; made++)
        {
            await Poll.UntilAsync(() => order.Count == made);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        await Task.WhenAll([.. many.Take(4), one]).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["many 0", "many 1", "one", "many 2", "many 3"], order);

        async Task CallAsync(string name, string caller)
        {
            (await model.GenerateAsync(Request, CancellationToken.None, caller)).Dispose();
            order.Add(name);
        }
    }

    [Fact]
    public async Task A_retry_that_gets_no_turn_counts_as_the_failure_that_it_was_to_make_good()
    {
        var transport = new ScriptedTransport(Answer(503, "{}"));
        using var model = Model(transport, requestsPerMinute: 1);

        var failure = await FailAsync(model);

        Assert.Equal((FailureKind.ModelUnavailable, true, false), (failure.Kind, failure.IsTransient, failure.IsLocalWait));
        Assert.Equal(TimeSpan.FromMinutes(1), failure.RetryAfter);
        Assert.Equal(1, transport.Calls);
    }

    [Fact]
    public async Task No_more_calls_than_allowed_are_in_flight()
    {
        var transport = new ScriptedTransport(async token =>
        {
            await Task.Delay(5, token);
            return Reply(200, Answered);
        });
        using var model = Model(transport, maxConcurrency: 2);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await model.GenerateAsync(Request, CancellationToken.None)).Dispose()));

        Assert.Equal((20, 2), (transport.Calls, transport.MostAtOnce));
    }

    [Fact]
    public async Task A_call_that_finds_no_free_place_within_twenty_seconds_is_sent_back()
    {
        var transport = new ScriptedTransport(Hang);
        using var model = Model(transport, maxConcurrency: 1);
        using var giveUp = new CancellationTokenSource();
        var first = model.GenerateAsync(Request, giveUp.Token);
        await Poll.UntilAsync(() => transport.Calls == 1);

        var second = FailAsync(model);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        var failure = await second.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FailureKind.QuotaExhausted, true, true), (failure.Kind, failure.IsTransient, failure.IsLocalWait));
        Assert.True(failure.RetryAfter >= TimeSpan.FromSeconds(2));
        Assert.Equal(1, transport.Calls);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task When_to_come_again_follows_from_how_long_calls_take()
    {
        Func<CancellationToken, Task<VertexReply>> twoSeconds = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(Reply(200, Answered));
        };
        var transport = new ScriptedTransport([.. Enumerable.Repeat(twoSeconds, 60), Hang]);
        using var model = Model(transport, maxConcurrency: 1);
        for (var i = 0; i < 60; i++)
        {
            (await model.GenerateAsync(Request, CancellationToken.None)).Dispose();
        }

        using var giveUp = new CancellationTokenSource();
        var first = model.GenerateAsync(Request, giveUp.Token);
        await Poll.UntilAsync(() => transport.Calls == 61);
        var second = FailAsync(model);
        _time.Advance(CallLimits.LongestWait);

        var failure = await second.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(failure.RetryAfter!.Value, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(2.1));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task A_place_is_free_again_after_a_failure()
    {
        var transport = new ScriptedTransport(Answer(404, "{}"), Answer(200, Answered));
        using var model = Model(transport, maxConcurrency: 1);

        await FailAsync(model);
        using var image = await model.GenerateAsync(Request, CancellationToken.None);

        Assert.Equal(2, transport.Calls);
    }

    [Fact]
    public async Task A_call_that_is_sent_back_leaves_its_place_to_the_next()
    {
        var transport = new ScriptedTransport(Answer(200, Answered));
        using var model = Model(transport, requestsPerMinute: 1, maxConcurrency: 1);
        (await model.GenerateAsync(Request, CancellationToken.None)).Dispose();

        for (var i = 1; i <= 2; i++)
        {
            var failure = await FailAsync(model).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(TimeSpan.FromMinutes(i), failure.RetryAfter);
        }
    }

    private VertexImageModel Model(ScriptedTransport transport, int? requestsPerMinute = null, int? maxConcurrency = null) => new(
        transport,
        new(new("http://unused"), "p", "global", requestsPerMinute, maxConcurrency, new CallTimeouts()),
        ModelCatalog.BuiltIn,
        _observer,
        _time);

    private static Task<FailureException> FailAsync(VertexImageModel model) =>
        Assert.ThrowsAsync<FailureException>(() => model.GenerateAsync(Request, CancellationToken.None));
}
