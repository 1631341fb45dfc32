using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable;

/// <summary>What an orchestration does when nothing goes wrong with its process; the same when it is replayed after each step.</summary>
public abstract class OrchestrationTests(TestDatabase database, bool replay) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly Scene _scene = new();
    private TestRuntime _runtime = null!;

    public async ValueTask InitializeAsync() => _runtime = await TestRuntime.StartAsync(
        database.ConnectionString, TestRuntime.Options with { ReplayAfterEveryStep = replay }, _scene, typeof(BasicFunctions));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _runtime.DisposeAsync();
    }

    [Fact]
    public async Task Activities_run_once_each_and_give_their_results()
    {
        var end = await RunAsync("Sum", new[] { 1, 2, 3 });

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(6, end.ReadOutputAs<int>());
        Assert.Null(end.SerializedInput); // It may hold what a caller wrote, and nothing reads it any more.
        Assert.Equal(3, _scene.Count("echo"));
    }

    [Fact]
    public async Task A_replay_safe_logger_logs_each_line_once()
    {
        await RunAsync("Sum", new[] { 5, 10 });

        Assert.Equal(1, _runtime.Logs.Count("sum is now 5"));
        Assert.Equal(1, _runtime.Logs.Count("sum is now 15"));
    }

    [Fact]
    public async Task Activities_asked_for_together_run_together()
    {
        var end = await RunAsync("FanOut", 40);

        Assert.Equal(40 * 41 / 2, end.ReadOutputAs<int>());
        Assert.Equal(40, _scene.Count("echo"));
    }

    [Fact]
    public async Task An_activitys_exception_reaches_the_orchestrator_without_its_trace()
    {
        var end = await RunAsync("Fails", "disk on fire");

        Assert.Equal("Throw #0: System.IO.FileNotFoundException: disk on fire: ", end.ReadOutputAs<string>());
        Assert.Equal(1, _runtime.Logs.Count("ThrowAsync"));
    }

    [Fact]
    public async Task A_timer_fires_not_before_its_time()
    {
        var end = await RunAsync("Sleep", 0.3);

        Assert.StartsWith("True Utc", end.ReadOutputAs<string>(), StringComparison.Ordinal);
        Assert.Null(end.SerializedCustomStatus);
    }

    [Fact]
    public async Task A_custom_status_can_be_read_while_the_orchestrator_waits()
    {
        var id = await _runtime.Client.ScheduleNewOrchestrationInstanceAsync("TwoGates", "custom");
        await Eventually.Async(async () => await StatusAsync(id) == "first");
        _scene.Open("custom-1");
        await Eventually.Async(async () => await StatusAsync(id) == "second");
        _scene.Open("custom-2");

        var end = await _runtime.EndOfAsync(id);
        Assert.Equal("through", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_timer_can_lose_a_race_and_be_cancelled()
    {
        Assert.Equal("False True", (await RunAsync("Race", null)).ReadOutputAs<string>());
    }

    private async Task<string?> StatusAsync(string id) =>
        (await _runtime.Client.GetInstanceAsync(id, true))!.ReadCustomStatusAs<string>();

    private async Task<OrchestrationMetadata> RunAsync(string name, object? input)
    {
        var id = await _runtime.Client.ScheduleNewOrchestrationInstanceAsync(name, input);
        return await _runtime.EndOfAsync(id);
    }
}
