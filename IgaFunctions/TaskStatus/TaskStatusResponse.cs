using System.Text.Json.Serialization;
using Iga.Tasks;
using Iga.Workflow;

namespace Iga.TaskStatus;

/// <summary>The body of a poll: always the first three fields, and the fourth only for who asks for it.</summary>
/// <param name="Result">
/// An <see cref="ImageResult"/>, a <see cref="ConflictResult"/> or a <see cref="FailureResult"/>; null while the task is on
/// its way.
/// </param>
/// <param name="Details">With <c>?include=details</c>; absent without.</param>
public sealed record TaskStatusResponse(
    [property: JsonPropertyName("task_id")] Guid TaskId,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("result")] object? Result,
    [property: JsonPropertyName("details"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    TaskDetails? Details = null)
{
    public static TaskStatusResponse For(Guid taskId, TaskState state, TaskDetails? details) => new(taskId, state.Status, state.Outcome switch
    {
        null => null,
        { Image: { } image } => image,
        { Conflict: { } conflict } => conflict,
        { Error: var error } => new FailureResult(error!),
    }, details);

    /// <summary>The <c>result</c> of a task that failed.</summary>
    public sealed record FailureResult([property: JsonPropertyName("error")] TaskError Error);
}
