using Iga.Keys;
using Iga.LocalHost.Durable.Worker;
using Iga.Tasks;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Telemetry;

/// <summary>The measurements that are looked up: what they tell, and that they tell nothing where nothing is known.</summary>
public sealed class FigureTests
{
    [Fact]
    public async Task Tasks_in_flight_are_counted_with_the_age_of_the_oldest_and_unknown_while_the_database_is_away()
    {
        await using var service = await OwnService.StartAsync();
        var time = new FakeTimeProvider();
        using var tasks = service.Make<TasksInFlight>(time);
        Assert.Null(tasks.Count);
        await tasks.StartAsync(CancellationToken.None);
        await Eventually.Async(() => tasks.Count == 0);
        Assert.Equal(TimeSpan.Zero, tasks.OldestAge);

        var key = Caller.NewKey();
        var task = await Claims.LeaveAsync(service, key, "waits");
        await service.ExecuteAsync("update idempotency_keys set created_at = now() - interval '5 minutes' where idempotency_key = $1", key);
        time.Advance(TasksInFlight.Interval);
        await Eventually.Async(() => tasks.Count == 1);
        Assert.InRange(tasks.OldestAge!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));

        service.Gate.Refuse();
        time.Advance(TasksInFlight.Interval);
        await Eventually.Async(() => tasks.Count is null && tasks.OldestAge is null);

        service.Gate.Open();
        await service.Get<IdempotencyStore>().FailAsync(task, new TaskError("task_failed", "of this test"), CancellationToken.None);
        time.Advance(TasksInFlight.Interval);
        await Eventually.Async(() => tasks.Count == 0);
        await tasks.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_process_that_was_taken_for_dead_counts_it()
    {
        await using var service = await OwnService.StartAsync(
            configureRuntime: options => options with { HeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        var heartbeat = service.Get<Heartbeat>();
        await Eventually.Async(async () => await service.ScalarAsync<long>("select count(*) from iga_runtime.workers") == 1);
        Assert.Equal(0, heartbeat.Lost);

        await service.ExecuteAsync("delete from iga_runtime.workers");

        await Eventually.Async(() => heartbeat.Lost == 1);
    }
}
