namespace Iga.TaskList;

/// <summary>Which tasks are asked for; null is all.</summary>
/// <param name="Statuses">As <see cref="Workflow.TaskState.Status"/>, one or several.</param>
/// <param name="Since">Posted then or later.</param>
/// <param name="Until">Posted before.</param>
public sealed record TaskFilter(
    IReadOnlySet<string>? Statuses = null, string? WorkflowId = null, string? IdempotencyKey = null, string? Caller = null,
    DateTimeOffset? Since = null, DateTimeOffset? Until = null);
