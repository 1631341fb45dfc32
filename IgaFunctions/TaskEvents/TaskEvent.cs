using System.Text.Json;
using Iga.TaskList;
using Iga.Workflow;

namespace Iga.TaskEvents;

/// <summary>A change of a task's state, as it is written to every stream that it is for.</summary>
/// <param name="Frame">UTF-8, as HTML's server-sent events are written.</param>
internal sealed record TaskEvent(TaskSummary Task, byte[] Frame)
{
    public bool IsEnd => Task.Status is TaskState.Success or TaskState.Failure;

    /// <param name="at">The database's time at which the change was found.</param>
    public static TaskEvent Of(TaskSummary task, DateTimeOffset at)
    {
        // JSON as it is written here has no line breaks, so that it is one line of data.
        byte[] frame =
        [
            .. "event: task\nid: "u8, .. System.Text.Encoding.ASCII.GetBytes(new EventId(at, task.TaskId).ToString()), .. "\ndata: "u8,
            .. JsonSerializer.SerializeToUtf8Bytes(task, TaskListJson.Readable.TaskSummary), .. "\n\n"u8,
        ];
        return new(task, frame);
    }

    public bool IsFor(TaskFilter filter) =>
        (filter.Statuses?.Contains(Task.Status) ?? true)
        && (filter.WorkflowId is null || filter.WorkflowId == Task.WorkflowId)
        && (filter.IdempotencyKey is null || filter.IdempotencyKey == Task.IdempotencyKey)
        && (filter.Caller is null || filter.Caller == Task.Caller);
}
