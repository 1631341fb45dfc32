using Iga.GenerateImage;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.EndToEnd;

/// <summary>A task hub where a start is expensive, and more callers at once than it starts in the time they are promised.</summary>
public sealed class BurstOfStartsTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private const int AtOnce = 4;

    private readonly OwnService _service = fixture.Service;
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Fact]
    public async Task A_crowd_that_the_hub_is_slow_to_start_is_accepted_whole_and_pays_once_each()
    {
        // One start after the other, 25 ms each: 200 take 5 s, which is longer than anybody is made to wait.
        using var turn = new SemaphoreSlim(1);
        var hub = new HubDouble(_service.Hub) { OnSchedule = SlowlyAsync };
        using var line = new StartLine(AtOnce, TimeProvider.System);
        var keys = Enumerable.Range(0, 200).Select(_ => Caller.NewKey()).ToArray();

        var answers = await Task.WhenAll(keys.Select(key => DirectPost.SendAsync(_service, hub, key, _prompt, line)));

        Assert.Equal(keys.Length, answers.Count(answer => answer.Status == 202));
        await Task.WhenAll(answers.Select(answer => _service.Client.WaitAsync(answer.Body.GetProperty("task_id").GetGuid())));
        Assert.Equal(keys.Length, _service.ModelCalls(_prompt));

        async Task<string> SlowlyAsync(Func<Task<string>> schedule)
        {
            await turn.WaitAsync();
            try
            {
                await Task.Delay(25);
                return await schedule();
            }
            finally
            {
                turn.Release();
            }
        }
    }

    [Fact]
    public async Task An_accepted_task_whose_late_start_fails_is_started_by_the_sweeper()
    {
        var key = Caller.NewKey();
        var failure = new TaskCompletionSource<string>();
        var hub = new HubDouble(_service.Hub) { OnSchedule = _ => failure.Task };
        using var line = new StartLine(AtOnce, TimeProvider.System);

        var post = DirectPost.SendAsync(_service, hub, key, _prompt, line);
        await KeepMovingUntilAsync(line, post);

        Assert.Equal(202, (await post).Status);
        failure.SetException(new InvalidOperationException("the hub is away"));
        await Claims.AgeAsync(_service, key);
        await Claims.AssertOneImageAsync(_service, (await post).Body.GetProperty("task_id").GetGuid(), key, _prompt);
    }

    [Fact]
    public async Task A_task_without_a_row_of_its_own_is_not_accepted_before_it_is_started()
    {
        // Another holder has the key, so no row says that this task is to be started: were its late start to fail, its caller would
        // poll in vain.
        var key = Caller.NewKey();
        await _service.ExecuteAsync(Claims.HoldElsewhere, key);
        var hub = new HubDouble(_service.Hub) { OnSchedule = _ => new TaskCompletionSource<string>().Task };
        using var line = new StartLine(AtOnce, TimeProvider.System);

        var post = DirectPost.SendAsync(_service, hub, key, _prompt, line);
        await KeepMovingUntilAsync(line, post);

        Assert.Equal(503, (await post).Status);
        Assert.Equal(202, (await DirectPost.SendAsync(_service, new HubDouble(_service.Hub), key, _prompt, line)).Status);
    }

    [Fact]
    public async Task Behind_a_hub_that_does_not_answer_callers_are_told_at_once_and_their_keys_are_free()
    {
        var time = new FakeTimeProvider();
        using var line = new StartLine(1, time);
        var hanging = new TaskCompletionSource();
        using var giveUp = new CancellationTokenSource();
        var first = line.RunAsync(_ => hanging.Task, giveUp.Token);
        time.Advance(TimeSpan.FromSeconds(3));
        var key = Caller.NewKey();
        var hub = new HubDouble(_service.Hub) { OnLook = _ => throw new InvalidOperationException("nobody is to ask it") };

        var answer = await DirectPost.SendAsync(_service, hub, key, _prompt, line);

        Assert.Equal((503, "IGA_TASK_HUB_UNAVAILABLE"), (answer.Status, answer.Body.GetProperty("error_code").GetString()));
        Assert.NotNull(answer.RetryAfter);
        Assert.Equal(0, hub.Schedules);
        Assert.Equal(0, await Claims.RowsOfAsync(_service, key));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(202, (await DirectPost.SendAsync(_service, new HubDouble(_service.Hub), key, _prompt, line)).Status);
    }

    [Fact]
    public async Task One_slow_start_does_not_shut_the_line_to_those_who_come_after_it()
    {
        var time = new FakeTimeProvider();
        using var line = new StartLine(2, time);
        var (slow, quick) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = line.RunAsync(_ => slow.Task, default);
        time.Advance(TimeSpan.FromSeconds(3));

        var crowd = Enumerable.Range(0, 5).Select(_ => line.RunAsync(_ => quick.Task, default)).ToArray();

        quick.SetResult();
        await Task.WhenAll(crowd).WaitAsync(TimeSpan.FromSeconds(30));
        slow.SetResult();
        await first;
    }

    [Fact]
    public async Task A_line_that_is_full_takes_nobody_else()
    {
        using var line = new StartLine(1, new FakeTimeProvider());
        var turn = new TaskCompletionSource();
        var inside = Enumerable.Range(0, 1 + StartLine.MaxWaiting).Select(_ => line.RunAsync(_ => turn.Task, default)).ToArray();

        await Assert.ThrowsAsync<StartRefusedException>(() => line
            .RunAsync(_ => Task.CompletedTask, default).WaitAsync(TimeSpan.FromSeconds(30)));

        turn.SetResult();
        await Task.WhenAll(inside);
        await line.RunAsync(_ => Task.CompletedTask, default);
    }

    [Fact]
    public async Task Who_leaves_the_line_is_not_started()
    {
        using var line = new StartLine(1, TimeProvider.System);
        var turn = new TaskCompletionSource();
        var first = line.RunAsync(_ => turn.Task, default);
        using var giveUp = new CancellationTokenSource();
        var started = false;
        var second = line.RunAsync(_ => Task.FromResult(started = true), giveUp.Token);

        await giveUp.CancelAsync();
        turn.SetResult();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(started);
    }

    /// <summary>Other starts go well meanwhile, so the hub is busy, not away.</summary>
    private static async Task KeepMovingUntilAsync(StartLine line, Task end)
    {
        while (!end.IsCompleted)
        {
            await line.RunAsync(_ => Task.CompletedTask, default);
            await Task.Delay(50);
        }
    }
}
