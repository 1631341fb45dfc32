namespace Iga.Tests.Durable.TwoEngines;

/// <summary>What becomes of exceptions, on both engines.</summary>
public sealed class FailureComparisonTests(EnginePair engines) : IClassFixture<EnginePair>
{
    private const string Activity =
        "System.InvalidOperationException: on fire <- System.IO.FileNotFoundException: no file <- System.TimeoutException: too late";

    [Fact]
    public async Task An_activitys_failure_reaches_the_orchestrator_with_its_name_number_and_inner_failures()
    {
        var seen = await engines.AssertSameAsync("Catches", "on fire");

        Assert.StartsWith("\"Throw #1 True | ", seen.Output, StringComparison.Ordinal);
        Assert.EndsWith($" | {Activity}\"", seen.Output!.Replace("\\u003C", "<", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_nobody_catches_fails_the_instance_and_its_message_is_the_output()
    {
        var seen = await engines.AssertSameAsync("LetsThrough", "on fire");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, seen.Status);
        Assert.StartsWith("Microsoft.DurableTask.TaskFailedException: ", seen.Failure, StringComparison.Ordinal);
        Assert.EndsWith($" <- {Activity}", seen.Failure, StringComparison.Ordinal);
        Assert.Contains("on fire", seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrators_own_exception_fails_the_instance_and_its_message_is_the_output()
    {
        var seen = await engines.AssertSameAsync("Throws", "no bananas");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, seen.Status);
        Assert.Equal("System.InvalidOperationException: no bananas <- System.TimeoutException: too late", seen.Failure);
        Assert.Equal("no bananas", seen.Output);
    }

    [Fact]
    public async Task Failures_keep_no_stack_trace_here_on_purpose()
    {
        var (local, real) = await engines.RunAsync("Throws", "no bananas");

        Assert.Null(local.FailureDetails!.StackTrace);
        Assert.NotNull(real.FailureDetails!.StackTrace);
    }
}
