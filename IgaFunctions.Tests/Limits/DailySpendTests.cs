using Iga.LocalHost.Host;
using Iga.Tests.Faults;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Limits;

/// <summary>What all callers together may spend on a day, over all processes; a picture of the usual model costs 0.067.</summary>
public sealed class DailySpendTests : IAsyncLifetime
{
    private const string Limit = "0.7"; // ten pictures are 0.67

    private const int Affordable = 10;

    internal static readonly (int, string?) Accepted = (202, null);
    internal static readonly (int, string?) Refused = (429, "IGA_SPEND_LIMIT_REACHED");

    private readonly TaskCompletionSource _door = new();
    private Lab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await Lab.StartAsync(new()
        {
            ["IGA_MODEL_TIMEOUT_SECONDS"] = "60",
            ["IGA_DAILY_SPEND_LIMIT"] = Limit,
        });
        _lab.Door = _door.Task;
    }

    public ValueTask DisposeAsync()
    {
        _door.TrySetResult();
        return _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_burst_over_two_processes_never_spends_more_than_the_limit()
    {
        var services = (LocalService[])[_lab.Service, await _lab.StartServiceAsync()];
        NamedCaller[] callers = [.. services.SelectMany(service => (NamedCaller[])[new(service, "one"), new(service, null)])];

        // Claims take a while, so that those of both processes are under way at the same time.
        await _lab.ExecuteAsync("""
            create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(0.1); return null; end';
            create trigger dawdle before insert on idempotency_keys for each statement execute function dawdle()
            """);
        var keys = Enumerable.Range(0, 120).Select(_ => Caller.NewKey()).ToArray();

        var answers = await Task.WhenAll(keys.Select((key, i) => Task.Run(
            () => callers[i % callers.Length].PostAsync(key, new { prompt = "a lighthouse" }))));

        Assert.Equal(Affordable, answers.Count(answer => answer.Outcome == Accepted));
        Assert.All(answers.Where(answer => answer.Outcome != Accepted), answer => Assert.Equal(Refused, answer.Outcome));
        Assert.Equal(Affordable, await _lab.CountAsync("select count(*) from idempotency_keys"));

        // A replay costs nothing, and so is never refused.
        var (first, key) = answers.Zip(keys).First(pair => pair.First.Outcome == Accepted);
        Assert.Equal(first.TaskId, (await callers[3].PostAsync(key, new { prompt = "a lighthouse" })).TaskId);
        Assert.Equal((422, "IGA_IDEMPOTENCY_KEY_REUSED"), (await callers[0].PostAsync(key, new { prompt = "another one" })).Outcome);

        _door.SetResult();
        foreach (var answer in answers.Where(answer => answer.Outcome == Accepted))
        {
            Assert.Equal("SUCCESS", (await _lab.Client.WaitAsync(answer.TaskId)).GetProperty("status").GetString());
        }

        // Paid for, and still spent, whoever asks.
        Assert.Equal(0, await _lab.CountAsync("select count(*) from (select sum(usd) as usd from iga_spend) s where usd <> 0.67"));
        foreach (var caller in callers)
        {
            Assert.Equal(Refused, (await caller.PostAsync()).Outcome);
        }
    }

    [Fact]
    public async Task What_is_left_goes_to_who_fits_in_and_a_task_that_fails_gives_it_back()
    {
        var caller = new NamedCaller(_lab.Service, null);
        foreach (var _ in Enumerable.Range(1, Affordable - 1))
        {
            Assert.Equal(Accepted, (await caller.PostAsync()).Outcome);
        }

        // It fails after a wait, during which what it may cost is held.
        _lab.FaultModel("a forbidden thing", "return-429");
        _lab.FaultModel("a forbidden thing", "blocked-prompt-200");
        var failing = await caller.PostAsync(Caller.NewKey(), new { prompt = "a forbidden thing" });

        // 0.03 are left, and no picture costs that little.
        var refused = await caller.PostAsync();
        Assert.Equal(Refused, refused.Outcome);
        Assert.Contains("0.7 US dollars of today", refused.Message, StringComparison.Ordinal);

        _door.SetResult();
        Assert.Equal("FAILURE", (await _lab.Client.WaitAsync(failing.TaskId)).GetProperty("status").GetString());
        Assert.Equal(Refused, (await caller.PostAsync(Caller.NewKey(), Dear())).Outcome);
        Assert.Equal(Accepted, (await caller.PostAsync()).Outcome);
        Assert.Equal(Refused, (await caller.PostAsync()).Outcome);
    }

    [Fact]
    public async Task Whoever_does_not_fit_in_takes_no_room_from_those_that_came_with_it()
    {
        var caller = new NamedCaller(_lab.Service, null);
        foreach (var _ in Enumerable.Range(1, Affordable - 2))
        {
            Assert.Equal(Accepted, (await caller.PostAsync()).Outcome);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(
            () => caller.PostAsync(Caller.NewKey(), i % 3 == 0 ? Dear() : new { prompt = "a lighthouse" }))));

        Assert.Equal(2, answers.Count(answer => answer.Outcome == Accepted));
        Assert.Equal(28, answers.Count(answer => answer.Outcome == Refused));
    }

    /// <summary>Accepted before there was a limit, or by a process that has none: nothing is reserved for it.</summary>
    [Fact]
    public async Task A_task_that_reserved_nothing_counts_as_the_dearest_picture()
    {
        var caller = new NamedCaller(_lab.Service, null);
        Assert.Equal(Accepted, (await caller.PostAsync()).Outcome);
        await _lab.ExecuteAsync("update idempotency_keys set reserved_usd = null");

        // 0.24 in place of 0.067; six more pictures are 0.402.
        foreach (var _ in Enumerable.Range(0, 6))
        {
            Assert.Equal(Accepted, (await caller.PostAsync()).Outcome);
        }

        Assert.Equal(Refused, (await caller.PostAsync()).Outcome);
    }

    [Fact]
    public async Task The_next_day_begins_anew_and_when_is_told_to_the_second()
    {
        await _lab.ExecuteAsync("insert into iga_spend (day, caller, model, images, usd) values ((now() at time zone 'utc')::date, '', 'm', 1, 0.7)");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 23, 59, 17, 500, TimeSpan.Zero));
        var caller = new NamedCaller(_lab.Service, null, time);
        var refused = await caller.PostAsync();
        Assert.Equal((Refused, 43), (refused.Outcome, refused.RetryAfter));

        await _lab.ExecuteAsync("update iga_spend set day = day - 1");

        Assert.Equal(Accepted, (await caller.PostAsync()).Outcome);
    }

    private static object Dear() => new { prompt = "a lighthouse", model_id_override = "gemini-3-pro-image", image_size = "4K" };
}
