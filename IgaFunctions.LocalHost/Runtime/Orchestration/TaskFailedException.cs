namespace Iga.LocalHost.Runtime;

/// <summary>What an orchestrator sees of an activity that threw.</summary>
public sealed class TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
    : Exception($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails.ErrorMessage}")
{
    public string TaskName { get; } = taskName;

    /// <summary>The task's number in the orchestration: tasks are counted from 0 in the order in which they are asked for.</summary>
    public int TaskId { get; } = taskId;

    public TaskFailureDetails FailureDetails { get; } = failureDetails;
}
