using Iga.Faults;
using Iga.Keys;
using Iga.Tasks;

namespace Iga.Workflow;

/// <summary>A task's state as callers know it.</summary>
/// <param name="Status">PENDING, STARTED, RETRY, SUCCESS or FAILURE.</param>
/// <param name="Outcome">How it ended, null while it is on its way.</param>
public sealed record TaskState(string Status, TaskOutcome? Outcome = null)
{
    public bool HasEnded => Outcome is not null;

    public static readonly TaskState Pending = new("PENDING");

    /// <summary>The state that the engine tells; its runtime status wins over a custom status that was left behind.</summary>
    public static TaskState Of(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Pending => Pending,
        OrchestrationRuntimeStatus.Completed => Ended(instance.ReadOutputAs<TaskOutcome>()!),
        OrchestrationRuntimeStatus.Failed => Ended(new TaskOutcome(Error: new TaskError(
            FailureKind.TaskFailed, "The task failed in a way that was not foreseen; send the request again."))),
        OrchestrationRuntimeStatus.Terminated => Ended(new TaskOutcome(Error: Revoked)),
        _ when instance.ReadCustomStatusAs<string>() == ImageWorkflow.RetryStatus => new("RETRY"),
        _ => new("STARTED"),
    };

    /// <summary>The state that the table tells: a claim without an end has begun nothing that could be seen.</summary>
    public static TaskState Of(TaskRecord record) =>
        record.Outcome is { } outcome ? Ended(outcome) : Pending;

    public static TaskError Revoked { get; } = new(
        FailureKind.TaskRevoked, "The task was terminated before it ended; send the request again.");

    private static TaskState Ended(TaskOutcome outcome) => new(outcome.Error is null ? "SUCCESS" : "FAILURE", outcome);
}
