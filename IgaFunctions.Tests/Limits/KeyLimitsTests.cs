using Iga.Tests.Faults;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Limits;

/// <summary>What the holder of one API key may have, and that nobody else is refused for it.</summary>
public sealed class KeyLimitsTests : IAsyncLifetime
{
    private static readonly (int, string?) Accepted = (202, null);
    private static readonly (int, string?) TooMany = (429, "IGA_TOO_MANY_TASKS");

    private readonly TaskCompletionSource _door = new();
    private Lab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await Lab.StartAsync(new()
        {
            ["IGA_MODEL_TIMEOUT_SECONDS"] = "60",
            ["IGA_KEY_LIMITS"] = "many:pending=3,fast:requests=2;pending=100,rich:spend=0.2",
        });
        _lab.Door = _door.Task;
    }

    public ValueTask DisposeAsync()
    {
        _door.TrySetResult();
        return _lab.DisposeAsync();
    }

    [Fact]
    public async Task Pending_tasks_are_counted_for_one_key_over_all_processes_and_a_replay_is_never_refused()
    {
        var (many, other) = (new NamedCaller(_lab.Service, "many"), new NamedCaller(_lab.Service, "other"));
        var keys = Enumerable.Range(0, 3).Select(_ => Caller.NewKey()).ToArray();
        var answers = await Task.WhenAll(keys.Select(key => many.PostAsync(key, new { prompt = "a lighthouse" })));
        Assert.All(answers, answer => Assert.Equal(Accepted, answer.Outcome));
        var elsewhere = new NamedCaller(await _lab.StartServiceAsync(), "many");

        foreach (var caller in (NamedCaller[])[many, elsewhere])
        {
            var refused = await caller.PostAsync();
            Assert.Equal(TooMany, refused.Outcome);
            Assert.InRange(refused.RetryAfter, 1, 60);
            Assert.Contains("many", refused.Message, StringComparison.Ordinal);
            Assert.Equal(answers[0].TaskId, (await caller.PostAsync(keys[0], new { prompt = "a lighthouse" })).TaskId);
            Assert.Equal((422, "IGA_IDEMPOTENCY_KEY_REUSED"), (await caller.PostAsync(keys[0], new { prompt = "another one" })).Outcome);
        }

        Assert.Equal(Accepted, (await other.PostAsync()).Outcome);
        Assert.Equal(Accepted, (await new NamedCaller(_lab.Service, null).PostAsync()).Outcome);
        Assert.Equal(5, await _lab.CountAsync("select count(*) from idempotency_keys"));

        _door.SetResult();
        await _lab.Client.WaitAsync(answers[0].TaskId);
        await Eventually.Async(async () => (await many.PostAsync()).Outcome == Accepted);
    }

    [Fact]
    public async Task A_failed_task_counts_no_longer_and_its_key_is_a_new_task()
    {
        _door.SetResult();
        var many = new NamedCaller(_lab.Service, "many");
        var failed = Caller.NewKey();
        _lab.FaultModel("a forbidden thing", "blocked-prompt-200");
        var task = (await many.PostAsync(failed, new { prompt = "a forbidden thing" })).TaskId;
        Assert.Equal("FAILURE", (await _lab.Client.WaitAsync(task)).GetProperty("status").GetString());
        _lab.Door = new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromMinutes(1));

        // The last count may still hold the failed one.
        await Eventually.Async(async () =>
        {
            await many.PostAsync();
            return await _lab.CountAsync("select count(*) from idempotency_keys where status = 'processing'") == 3;
        });

        Assert.Equal(TooMany, (await many.PostAsync(failed, new { prompt = "a forbidden thing" })).Outcome);
        Assert.Equal(4, await _lab.CountAsync("select count(*) from idempotency_keys"));
    }

    [Fact]
    public async Task Requests_a_minute_are_admitted_in_any_sixty_seconds_and_Retry_After_is_true()
    {
        var time = new FakeTimeProvider();
        var fast = new NamedCaller(_lab.Service, "fast", time);
        var key = Caller.NewKey();
        Assert.Equal(Accepted, (await fast.PostAsync(key, new { prompt = "a lighthouse" })).Outcome);
        Assert.Equal(Accepted, (await fast.PostAsync(key, new { prompt = "a lighthouse" })).Outcome); // a replay counts for nothing
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(Accepted, (await fast.PostAsync()).Outcome);

        time.Advance(TimeSpan.FromSeconds(15.5));
        var refused = await fast.PostAsync();
        Assert.Equal(((429, "IGA_RATE_LIMITED"), 25), (refused.Outcome, refused.RetryAfter));
        Assert.Equal(Accepted, (await fast.PostAsync(key, new { prompt = "a lighthouse" })).Outcome);

        time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(Accepted, (await fast.PostAsync()).Outcome);
        Assert.Equal(429, (await fast.PostAsync()).Status);
    }

    [Fact]
    public async Task Spend_counts_tasks_under_way_and_pictures_of_today_by_their_list_price()
    {
        var rich = new NamedCaller(_lab.Service, "rich");

        // At once, and none may overshoot: three pictures at 0.067 are 0.201.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rich.PostAsync()));
        Assert.Equal(2, answers.Count(answer => answer.Outcome == Accepted));
        var refused = answers.First(answer => answer.Outcome != Accepted);
        Assert.Equal((429, "IGA_SPEND_LIMIT_REACHED"), refused.Outcome);
        Assert.InRange(refused.RetryAfter, 1, 24 * 3600);
        Assert.Equal(2, await _lab.CountAsync("select count(*) from idempotency_keys"));

        _door.SetResult();
        foreach (var answer in answers.Where(answer => answer.Outcome == Accepted))
        {
            await _lab.Client.WaitAsync(answer.TaskId);
        }

        // Paid for, and still spent, for another process as well; a smaller picture has room.
        foreach (var service in (LocalHost.Host.LocalService[])[_lab.Service, await _lab.StartServiceAsync()])
        {
            Assert.Equal((429, "IGA_SPEND_LIMIT_REACHED"), (await new NamedCaller(service, "rich").PostAsync()).Outcome);
        }

        var small = await rich.PostAsync(Caller.NewKey(), new { prompt = "small", model_id_override = "gemini-3.1-flash-lite-image" });
        Assert.Equal(Accepted, small.Outcome);
        await _lab.Client.WaitAsync(small.TaskId);
        Assert.Equal(1, await _lab.CountAsync("""
            select count(*) from (
                select string_agg(model || ' ' || images || ' ' || usd, ', ' order by model) as spent
                from (select model, sum(images) as images, sum(usd) as usd from iga_spend where caller = 'rich' group by model) m) s
            where spent = 'gemini-3.1-flash-image 2 0.134, gemini-3.1-flash-lite-image 1 0.0336'
            """));

        // On the next day it is spent no more.
        await _lab.ExecuteAsync("update iga_spend set day = day - 1");
        await Eventually.Async(async () => (await rich.PostAsync()).Outcome == Accepted);
    }

    [Fact]
    public async Task When_a_spend_limit_ends_is_told_to_the_second()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 23, 59, 17, 500, TimeSpan.Zero));
        var rich = new NamedCaller(_lab.Service, "rich", time);
        var costly = new { prompt = "a lighthouse", model_id_override = "gemini-3-pro-image", image_size = "4K" };

        Assert.Equal(43, (await rich.PostAsync(Caller.NewKey(), costly)).RetryAfter);
    }
}
