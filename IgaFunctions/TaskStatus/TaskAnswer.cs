using Iga.Http;
using Iga.Workflow;

namespace Iga.TaskStatus;

/// <summary>How a task's state is told: 200 when it has ended, 202 with the time to wait while it is in flight.</summary>
internal static class TaskAnswer
{
    /// <param name="details">Null where nobody asked for them.</param>
    public static IResult Of(HttpResponse response, Guid id, TaskState state, TaskDetails? details = null)
    {
        if (!state.HasEnded)
        {
            Respond.AskToWait(response);
        }

        return Respond.Json(
            state.HasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted,
            TaskStatusResponse.For(id, state, details),
            TaskStatusJson.Readable.TaskStatusResponse);
    }

    public static RejectedException NoSuchTask() => new(
        StatusCodes.Status404NotFound, ErrorCode.TaskNotFound,
        "There is no task with this id; use the status_url of the answer to POST /generate_image.")
    {
        Field = "task_id",
    };
}
