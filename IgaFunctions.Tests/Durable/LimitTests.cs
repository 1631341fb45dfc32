using System.Diagnostics;
using Iga.LocalHost.Durable.Worker;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable;

/// <summary>How much runs at once.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    // A database a test: what one leaves unfinished the next would run.
    private readonly TestDatabase _database = new();
    private readonly Scene _scene = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task No_more_activities_run_at_once_than_host_json_allows()
    {
        await using var runtime = await StartAsync(TestRuntime.Options with { MaxConcurrentActivityFunctions = 3 });
        await ScheduleAsync(runtime, "limit", 30);
        await Eventually.Async(() => _scene.Inside == 3);
        _scene.Open("limit");

        await Eventually.Async(() => _scene.Count("limit") == 30);
        Assert.Equal(3, _scene.MostInside);
    }

    [Fact]
    public async Task More_instances_than_memory_has_room_for_wait_in_the_table()
    {
        await using var runtime = await StartAsync(TestRuntime.Options with { MaxInstancesInMemory = 5 });
        var ids = await ScheduleAsync(runtime, "room", 20);
        await Eventually.Async(() => _scene.Inside == 5);
        Assert.Equal(15L, await TestDatabase.ReadAsync<long>(
            _database.ConnectionString, "select count(*) from iga_runtime.instances where status = 6"));

        _scene.Open("room");
        foreach (var id in ids)
        {
            await runtime.EndOfAsync(id);
        }

        Assert.Equal(5, _scene.MostInside);
    }

    [Fact]
    public async Task Two_thousand_waiting_instances_need_no_thread_each()
    {
        await using var runtime = await StartAsync(TestRuntime.Options with { MaxConcurrentActivityFunctions = 1024 });
        var waiting = await ScheduleAsync(runtime, "crowd", 1500);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => runtime.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", 3600.0)));
        await Eventually.Async(() => _scene.Inside == 1024);

        using var process = Process.GetCurrentProcess();
        Assert.InRange(process.Threads.Count, 1, 200);
        _scene.Open("crowd");
        foreach (var id in waiting)
        {
            await runtime.EndOfAsync(id);
        }
    }

    [Fact]
    public async Task What_ended_long_ago_is_purged()
    {
        await using var runtime = await StartAsync(TestRuntime.Options with
        {
            Retention = TimeSpan.Zero,
            PurgeInterval = TimeSpan.FromMilliseconds(50),
        });
        await ScheduleAsync(runtime, "kept", 1);
        _scene.Open("gone");
        var gone = await ScheduleAsync(runtime, "gone", 3);

        await Eventually.Async(async () => await runtime.Client.GetInstanceAsync(gone[2]) is null);
        await Eventually.Async(async () => await TestDatabase.ReadAsync<long>(
            _database.ConnectionString, "select count(*) from iga_runtime.history") == 0);
        Assert.NotNull(await TestDatabase.ReadAsync<object>(
            _database.ConnectionString, "select min(instance_id) from iga_runtime.instances where input = '\"kept\"'"));
    }

    private Task<TestRuntime> StartAsync(DurableTaskOptions options) =>
        TestRuntime.StartAsync(_database.ConnectionString, options, _scene, typeof(BasicFunctions));

    private static Task<string[]> ScheduleAsync(TestRuntime runtime, string door, int count) => Task.WhenAll(
        Enumerable.Range(0, count).Select(_ => runtime.Client.ScheduleNewOrchestrationInstanceAsync("Gate", door)));
}
