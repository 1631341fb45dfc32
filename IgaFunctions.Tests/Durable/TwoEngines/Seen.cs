namespace Iga.Tests.Durable.TwoEngines;

/// <summary>What a client reads of an instance, less what can't be equal: ids, times, stack traces, the inputs of what has ended.</summary>
internal sealed record Seen(
    string Name, OrchestrationRuntimeStatus Status, string? Input, string? Output, string? CustomStatus, string Failure)
{
    public static Seen In(OrchestrationMetadata instance) => new(
        instance.Name, instance.RuntimeStatus,
        instance.RuntimeStatus is OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Running ? instance.SerializedInput : null,
        instance.SerializedOutput,
        instance.SerializedCustomStatus, Chain(instance.FailureDetails));

    /// <summary>Types and messages from the outermost failure to the innermost.</summary>
    public static string Chain(TaskFailureDetails? failure) => failure is null
        ? ""
        : $"{failure.ErrorType}: {failure.ErrorMessage}" + (failure.InnerFailure is null ? "" : $" <- {Chain(failure.InnerFailure)}");
}
