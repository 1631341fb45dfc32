using Iga.LocalHost.Durable.Worker;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable;

/// <summary>Several processes on one database.</summary>
public sealed class TakeoverTests : IAsyncLifetime
{
    // A database a test: what one leaves unfinished the next would run.
    private readonly TestDatabase _database = new();
    private readonly Scene _scene = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_worker_that_falls_silent_is_taken_over_and_its_late_writes_are_refused()
    {
        Scene lost = new();
        await using var zombie = await StartAsync(TestRuntime.Zombie, lost);
        var id = await zombie.Client.ScheduleNewOrchestrationInstanceAsync("TwoGates", "late");
        await Eventually.Async(() => lost.Count("late-1") == 1);

        await using var heir = await StartAsync(null, _scene);
        await Eventually.Async(() => _scene.Count("late-1") == 1);
        lost.Open("late-1");
        await Eventually.Async(() => lost.Inside == 0 && zombie.Get<InstanceRegistry>().IsQuiet);

        Assert.Equal(0, lost.Count("late-2"));
        Assert.Equal(0L, await EventsAsync(id));
        _scene.Open("late-1");
        _scene.Open("late-2");
        Assert.Equal("through", (await heir.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal(2L, await EventsAsync(id));
    }

    [Fact]
    public async Task What_was_recorded_before_a_takeover_is_not_done_again()
    {
        Scene lost = new();
        await using var zombie = await StartAsync(TestRuntime.Zombie, lost);
        var id = await zombie.Client.ScheduleNewOrchestrationInstanceAsync("TwoGates", "kept");
        lost.Open("kept-1");
        await Eventually.Async(() => lost.Count("kept-2") == 1);

        await using var heir = await StartAsync(null, _scene);
        _scene.Open("kept-2");
        await heir.EndOfAsync(id);

        Assert.Equal(0, _scene.Count("kept-1"));
        Assert.Equal(1, _scene.Count("kept-2"));
    }

    [Fact]
    public async Task A_stopped_runtime_hands_its_instances_over_at_once()
    {
        Scene first = new();
        var options = TestRuntime.Options with { LeaseDuration = TimeSpan.FromHours(1), ShutdownGrace = TimeSpan.FromMilliseconds(50) };
        await using var leaving = await StartAsync(options, first);
        await using var staying = await StartAsync(options, _scene);
        var id = await leaving.Client.ScheduleNewOrchestrationInstanceAsync("Gate", "hand");
        await Eventually.Async(() => first.Count("hand") == 1);

        await leaving.StopAsync();

        Assert.Equal(1, first.Count("hand cancelled"));
        _scene.Open("hand");
        await staying.EndOfAsync(id);
        Assert.Equal(1, _scene.Count("hand"));
    }

    [Fact]
    public async Task A_stopping_runtime_lets_running_activities_finish_and_records_them()
    {
        Scene first = new();
        await using var leaving = await StartAsync(TestRuntime.Options with { ShutdownGrace = Eventually.Deadline }, first);
        var id = await leaving.Client.ScheduleNewOrchestrationInstanceAsync("TwoGates", "grace");
        await Eventually.Async(() => first.Count("grace-1") == 1);

        var stopping = leaving.StopAsync();
        first.Open("grace-1");
        await stopping;

        Assert.Equal(0, first.Count("grace-2"));
        await using var next = await StartAsync(null, _scene);
        _scene.Open("grace-2");
        await next.EndOfAsync(id);
        Assert.Equal(0, _scene.Count("grace-1"));
    }

    [Fact]
    public async Task A_runtime_taken_for_dead_drops_its_work_and_goes_on_as_another()
    {
        await using var runtime = await StartAsync(null, _scene);
        var id = await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Gate", "dead");
        await Eventually.Async(() => _scene.Count("dead") == 1);

        await TestDatabase.ExecuteAsync(_database.ConnectionString, "delete from iga_runtime.workers");

        await Eventually.Async(() => _scene.Count("dead cancelled") == 1);
        await Eventually.Async(() => _scene.Count("dead") == 2);
        _scene.Open("dead");
        await runtime.EndOfAsync(id);
    }

    [Fact]
    public async Task Two_runtimes_share_waiting_work_and_run_each_instance_once()
    {
        var options = TestRuntime.Options with { MaxInstancesInMemory = 40, ClaimBatchSize = 7 };
        Scene[] scenes = [new(), new()];
        await using var one = await StartAsync(options, scenes[0]);
        await using var two = await StartAsync(options, scenes[1]);
        var ids = Enumerable.Range(0, 200).Select(n => $"share-{n}").ToArray();
        Array.ForEach(ids, id => Array.ForEach(scenes, s => s.Open(id)));

        await Task.WhenAll(ids.Select(id => one.Client.ScheduleNewOrchestrationInstanceAsync("Gate", id, Once.As(id))));
        await Task.WhenAll(ids.Select(id => one.EndOfAsync(id)));

        Assert.All(ids, id => Assert.Equal(1, scenes[0].Count(id) + scenes[1].Count(id)));
        Assert.All(scenes, s => Assert.Contains(ids, id => s.Count(id) == 1));
    }

    private Task<TestRuntime> StartAsync(DurableTaskOptions? options, Scene doors) =>
        TestRuntime.StartAsync(_database.ConnectionString, options, doors, typeof(BasicFunctions));

    private Task<long> EventsAsync(string id) => TestDatabase.ReadAsync<long>(
        _database.ConnectionString, $"select count(*) from iga_runtime.history where instance_id = '{id}'");
}
