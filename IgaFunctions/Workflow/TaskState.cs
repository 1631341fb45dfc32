using Iga.Faults;
using Iga.Keys;
using Iga.Tasks;

namespace Iga.Workflow;

/// <summary>A task's state as callers know it.</summary>
/// <param name="Status">PENDING, STARTED, RETRY, SUCCESS or FAILURE.</param>
/// <param name="Outcome">How it ended, null while it is on its way.</param>
public sealed record TaskState(string Status, TaskOutcome? Outcome = null)
{
    public const string Started = "STARTED";
    public const string Retry = "RETRY";
    public const string Success = "SUCCESS";
    public const string Failure = "FAILURE";

    public bool HasEnded => Outcome is not null;

    public static readonly TaskState Pending = new("PENDING");

    /// <summary>The state that the engine tells; its runtime status wins over a custom status that was left behind.</summary>
    public static TaskState Of(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed => Ended(instance.ReadOutputAs<TaskOutcome>()!),
        OrchestrationRuntimeStatus.Failed => Ended(new TaskOutcome(Error: new TaskError(
            FailureKind.TaskFailed, "The task failed in a way that was not foreseen; send the request again."))),
        OrchestrationRuntimeStatus.Terminated => Ended(new TaskOutcome(Error: Revoked)),
        _ => new(StatusInFlight(instance)),
    };

    /// <summary>
    /// The status that the engine tells of a task that is in flight by the table; one whose instance has ended is still STARTED, until the
    /// table tells how it ended.
    /// </summary>
    public static string StatusInFlight(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Pending => Pending.Status,
        OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Suspended
            when instance.ReadCustomStatusAs<string>() == ImageWorkflow.RetryStatus => Retry,
        _ => Started,
    };

    /// <summary>The state that the table tells: a claim without an end has begun nothing that could be seen.</summary>
    public static TaskState Of(TaskRecord record) =>
        record.Outcome is { } outcome ? Ended(outcome) : Pending;

    public static TaskError Revoked { get; } = new(
        FailureKind.TaskRevoked, "The task was terminated before it ended; send the request again.");

    private static TaskState Ended(TaskOutcome outcome) => new(outcome.Error is null ? Success : Failure, outcome);
}
