using Iga.Http;
using Iga.Workflow;

namespace Iga.TaskList;

/// <summary>Which tasks are asked for; null is all.</summary>
/// <param name="Statuses">As <see cref="TaskState.Status"/>, one or several.</param>
/// <param name="Since">Posted then or later.</param>
/// <param name="Until">Posted before.</param>
public sealed record TaskFilter(
    IReadOnlySet<string>? Statuses = null, string? WorkflowId = null, string? IdempotencyKey = null, string? Caller = null,
    DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    /// <exception cref="RejectedException">One of the parameters is wrong.</exception>
    internal static TaskFilter Read(QueryReader query) => new(
        query.SomeOf("status", TaskState.Pending.Status, TaskState.Started, TaskState.Retry, TaskState.Success, TaskState.Failure),
        query.Text("workflow_id"), query.Text("idempotency_key"), query.Text("caller"));
}
