namespace Iga.LocalHost.Durable.Engine;

/// <summary>How an orchestrator ended.</summary>
/// <param name="Output">Its result as JSON, if it completed.</param>
/// <param name="Failure">Why it failed, otherwise.</param>
internal sealed record OrchestrationOutcome(string? Output, TaskFailureDetails? Failure)
{
    public OrchestrationRuntimeStatus Status =>
        Failure is null ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed;

    public static OrchestrationOutcome Failed(Exception exception) => new(null, Failures.Of(exception));
}
