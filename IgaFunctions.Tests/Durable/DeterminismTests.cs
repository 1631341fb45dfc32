using Iga.LocalHost.Durable.Engine;

namespace Iga.Tests.Durable;

/// <summary>Orchestrators that break the rules fail, and their instances say where.</summary>
public sealed class DeterminismTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("Delays", "awaits something that is not a durable task")]
    [InlineData("Yields", "awaited something that is not a durable task")]
    [InlineData("DelaysBeside", "awaited something that is not a durable task")]
    [InlineData("LeavesItsThread", "used its context from outside of its own steps")]
    public async Task Waiting_for_something_else_than_durable_tasks_fails_the_instance(string name, string problem)
    {
        var end = await RunAsync(name, replay: false);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.True(end.FailureDetails!.IsCausedBy<NonDeterministicOrchestrationException>());
        Assert.Contains($"'{name}'", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(problem, end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_random_input_is_found_by_replay_after_every_step()
    {
        var end = await RunAsync("Random", replay: true);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("its replay for activity #0 'Work'", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrators_exception_fails_its_instance()
    {
        var end = await RunAsync("Throws", replay: false, "bananas");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("System.InvalidOperationException", end.FailureDetails!.ErrorType);
        Assert.Equal("no bananas", end.SerializedOutput);
        Assert.Null(end.FailureDetails.StackTrace);
    }

    [Fact]
    public async Task An_activity_that_does_not_exist_fails_its_caller()
    {
        var end = await RunAsync("Unhandled", replay: false);

        Assert.True(end.FailureDetails!.IsCausedBy<TaskFailedException>());
        Assert.Contains("no activity named 'Missing'", end.FailureDetails.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    private async Task<OrchestrationMetadata> RunAsync(string name, bool replay, object? input = null)
    {
        await using var runtime = await TestRuntime.StartAsync(
            database.ConnectionString, TestRuntime.Options with { ReplayAfterEveryStep = replay }, new object(),
            typeof(FaultyFunctions));
        var id = await runtime.Client.ScheduleNewOrchestrationInstanceAsync(name, input);
        return await runtime.EndOfAsync(id);
    }
}
