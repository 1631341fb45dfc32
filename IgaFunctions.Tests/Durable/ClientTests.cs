using DurableTask.Core.Exceptions;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable;

/// <summary>Starting, ending and deleting instances.</summary>
public sealed class ClientTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly Scene _scene = new();
    private TestRuntime _runtime = null!;

    private DurableTaskClient Client => _runtime.Client;

    public async ValueTask InitializeAsync() =>
        _runtime = await TestRuntime.StartAsync(database.ConnectionString, null, _scene, typeof(BasicFunctions));

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Fact]
    public async Task An_id_that_runs_cannot_be_started_again()
    {
        await StartAsync("dup", "dup");

        var refused = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => StartAsync("dup", "dup"));

        Assert.Contains("'dup'", refused.Message, StringComparison.Ordinal);
        _scene.Open("dup");
        await _runtime.EndOfAsync("dup");
        Assert.Equal(1, _scene.Count("dup"));
    }

    [Fact]
    public async Task An_id_started_fifty_times_at_once_starts_once()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            try
            {
                await StartAsync("many", "many");
                return true;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return false;
            }
        }));

        Assert.Equal(1, starts.Count(started => started));
        _scene.Open("many");
        await _runtime.EndOfAsync("many");
        Assert.Equal(1, _scene.Count("many"));
    }

    [Fact]
    public async Task An_id_that_has_ended_cannot_be_started_again_until_it_is_purged()
    {
        _scene.Open("one");
        _scene.Open("two");
        await StartAsync("again", "one");
        await _runtime.EndOfAsync("again");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => StartAsync("again", "two"));
        Assert.Equal("one7", (await Client.GetInstanceAsync("again", true))!.ReadOutputAs<string>());

        await Client.PurgeInstanceAsync("again", CancellationToken.None);
        await StartAsync("again", "two");
        Assert.Equal("two7", (await _runtime.EndOfAsync("again")).ReadOutputAs<string>());
        Assert.Equal(1L, await CountAsync("history", "again"));
    }

    [Fact]
    public async Task A_terminated_instance_stops_at_once_and_its_activity_is_cancelled()
    {
        await StartAsync("stop", "stop");
        await Eventually.Async(() => _scene.Count("stop") == 1);

        await Client.TerminateInstanceAsync("stop", "enough");

        var end = (await Client.GetInstanceAsync("stop", true))!;
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
        await Eventually.Async(() => _scene.Count("stop cancelled") == 1);
        await Client.TerminateInstanceAsync("stop", "again");
        Assert.Equal("enough", (await Client.GetInstanceAsync("stop", true))!.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Only_what_has_ended_can_be_purged()
    {
        await StartAsync("purge", "purge");
        Assert.Equal(0, (await Client.PurgeInstanceAsync("purge", CancellationToken.None)).PurgedInstanceCount);

        _scene.Open("purge");
        await _runtime.EndOfAsync("purge");

        Assert.Equal(1, (await Client.PurgeInstanceAsync("purge", CancellationToken.None)).PurgedInstanceCount);
        Assert.Null(await Client.GetInstanceAsync("purge"));
        Assert.Equal(0L, await CountAsync("history", "purge"));
    }

    [Fact]
    public async Task Unknown_orchestrators_and_instances_are_told()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScheduleNewOrchestrationInstanceAsync("Nobody"));
        Assert.Null(await Client.GetInstanceAsync("nothing"));
    }

    [Fact]
    public async Task Metadata_read_without_data_has_none()
    {
        _scene.Open("bare");
        await StartAsync("bare", "bare");
        await _runtime.EndOfAsync("bare");
        var end = (await Client.GetInstanceAsync("bare"))!;

        Assert.Null(end.SerializedInput);
        Assert.Null(end.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_cancelled_start_throws_and_blocks_nothing()
    {
        using CancellationTokenSource cancelled = new(TimeSpan.Zero);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Client.ScheduleNewOrchestrationInstanceAsync("Gate", "late", Once.As("late"), cancelled.Token));

        Assert.Null(await Client.GetInstanceAsync("late"));
    }

    private Task<string> StartAsync(string id, string door) => Client.ScheduleNewOrchestrationInstanceAsync("Gate", door, Once.As(id));

    private Task<long> CountAsync(string table, string id) => TestDatabase.ReadAsync<long>(
        database.ConnectionString, $"select count(*) from iga_runtime.{table} where instance_id = '{id}'");
}
