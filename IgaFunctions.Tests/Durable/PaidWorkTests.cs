using Iga.LocalHost.Durable.Worker;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable;

/// <summary>What a stop waits for, and for how long.</summary>
public sealed class PaidWorkTests : IAsyncLifetime
{
    private readonly TestDatabase _database = new();
    private readonly Scene _leaving = new();
    private readonly Scene _next = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Paid_work_is_waited_for_though_other_activities_no_longer_are()
    {
        await using var runtime = await StartAsync(Eventually.Deadline, unpaid: TimeSpan.FromMilliseconds(500), _leaving);
        await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Unpaid", "plain");
        var id = await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Paid", "paid");
        await Eventually.Async(() => _leaving.Count("plain") == 1 && runtime.Get<PaidWork>().Count == 1);

        var stopping = runtime.StopAsync();
        _leaving.Open("paid");
        await stopping;

        Assert.Equal((0, 1), (_leaving.Count("paid cancelled"), _leaving.Count("plain cancelled")));
        await using var next = await StartAsync(Eventually.Deadline, unpaid: TimeSpan.Zero, _next);
        await next.EndOfAsync(id);
        Assert.Equal(0, _next.Count("paid"));
    }

    [Fact]
    public async Task Once_the_grace_period_is_over_paid_work_is_cut()
    {
        await using var runtime = await StartAsync(TimeSpan.FromMilliseconds(100), unpaid: TimeSpan.FromMinutes(10), _leaving);
        await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Paid", "paid");
        await Eventually.Async(() => runtime.Get<PaidWork>().Count == 1);

        await runtime.StopAsync();

        Assert.Equal(1, _leaving.Count("paid cancelled"));
    }

    [Fact]
    public async Task What_would_begin_paid_work_during_a_stop_is_left_to_the_next_process_and_not_waited_for()
    {
        var hours = TimeSpan.FromHours(1);
        await using var runtime = await StartAsync(hours, unpaid: hours, _leaving);
        var id = await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Late", "late");
        await Eventually.Async(() => _leaving.Count("late") == 1);

        var stopping = runtime.StopAsync();
        _leaving.Open("late");
        await stopping;

        Assert.Equal(0, _leaving.Count("late paid"));
        await using var next = await StartAsync(hours, unpaid: hours, _next);
        _next.Open("late");
        await next.EndOfAsync(id);
        Assert.Equal(1, _next.Count("late paid"));
    }

    [Fact]
    public async Task Work_that_has_brought_nothing_is_waited_for_no_longer()
    {
        await using var runtime = await StartAsync(TimeSpan.FromHours(1), unpaid: TimeSpan.Zero, _leaving);
        await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Vain", "vain");
        await Eventually.Async(() => _leaving.Count("vain") == 1);

        await runtime.StopAsync();

        Assert.Equal(1, _leaving.Count("vain cancelled"));
    }

    private Task<TestRuntime> StartAsync(TimeSpan grace, TimeSpan unpaid, Scene scene) => TestRuntime.StartAsync(
        _database.ConnectionString, TestRuntime.Options with { ShutdownGrace = grace, UnpaidShutdownGrace = unpaid }, scene,
        typeof(Orders));

    private sealed class Orders(Scene scene, PaidWork paid)
    {
        [Function("Unpaid")]
        public static Task<bool> UnpaidAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<bool>("StandAtDoor", context.GetInput<string>());

        [Function("Paid")]
        public static Task<bool> PaidAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<bool>("Pay", context.GetInput<string>());

        [Function("Late")]
        public static Task<bool> LateAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<bool>("PayLater", context.GetInput<string>());

        [Function("Vain")]
        public static Task<bool> VainAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<bool>("PayInVain", context.GetInput<string>());

        [Function("StandAtDoor")]
        public async Task<bool> WaitAsync([ActivityTrigger] string door, CancellationToken cancellationToken)
        {
            await scene.WaitAsync(door, cancellationToken);
            return true;
        }

        [Function("Pay")]
        public async Task<bool> PayAsync([ActivityTrigger] string door, CancellationToken cancellationToken)
        {
            Assert.True(paid.TryBegin());
            await scene.WaitAsync(door, cancellationToken);
            return true;
        }

        [Function("PayLater")]
        public async Task<bool> PayLaterAsync([ActivityTrigger] string door, CancellationToken cancellationToken)
        {
            await scene.WaitAsync(door, cancellationToken);
            if (!paid.TryBegin())
            {
                throw new OperationCanceledException();
            }

            scene.Pass($"{door} paid");
            return true;
        }

        [Function("PayInVain")]
        public async Task<bool> PayInVainAsync([ActivityTrigger] string door, CancellationToken cancellationToken)
        {
            Assert.True(paid.TryBegin());
            paid.BroughtNothing();
            await scene.WaitAsync(door, cancellationToken);
            return true;
        }
    }
}
