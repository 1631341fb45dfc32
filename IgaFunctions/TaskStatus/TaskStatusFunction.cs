using Iga.Callers;
using Iga.Http;
using Iga.Keys;
using Iga.Waiting;
using Iga.Workflow;

namespace Iga.TaskStatus;

/// <summary>GET /v1/tasks/{id}: how a task is doing, at once or, with <c>?wait=</c>, as soon as it has ended.</summary>
public sealed class TaskStatusFunction(AwaitedTask tasks, TaskRecords records, ILogger<TaskStatusFunction> logger)
{
    [Function("task_status")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/tasks/{taskId}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string taskId,
        CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        if (!TryRead(taskId, out var id))
        {
            return NotFound(request);
        }

        try
        {
            var (state, _) = await tasks.ReadAsync(
                client, id, WaitQuery.Read(request.Query), Caller.Of(request.HttpContext)?.Name, cancellationToken);
            if (state is null)
            {
                return NotFound(request);
            }

            var details = request.Query["include"] == "details" && state.Outcome?.Image is not null
                ? await FindDetailsAsync(id, cancellationToken)
                : null;
            return Answer(response, id, state, details);
        }
        catch (RejectedException exception)
        {
            logger.LogRefusal(
                exception.Status, exception.ErrorCode, exception.Field, exception.Message, Caller.Of(request.HttpContext)?.Name);
            return Respond.Error(response, exception.Status, exception.ErrorCode, exception.Message);
        }
        catch (UnreadableTaskException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.LogError(exception.InnerException, "The state of task {task_id} could not be read", id);
            return Respond.Error(
                response, StatusCodes.Status503ServiceUnavailable, exception.ErrorCode,
                "The state of the task can't be read at the moment; ask again.");
        }
    }

    private async Task<TaskDetails?> FindDetailsAsync(Guid id, CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(TaskStateReader.Budget);
        return await TaskStateReader.AskTableAsync(records.FindImageAsync(id, budget.Token), budget.Token) is { } found
            ? TaskDetails.Of(found.Image, found.Caller)
            : null;
    }

    private static IResult Answer(HttpResponse response, Guid id, TaskState state, TaskDetails? details)
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

    private IResult NotFound(HttpRequest request)
    {
        const string message = "There is no task with this id; use the status_url of the answer to POST /generate_image.";
        logger.LogRefusal(StatusCodes.Status404NotFound, ErrorCode.TaskNotFound, "task_id", message, Caller.Of(request.HttpContext)?.Name);
        return Respond.Error(request.HttpContext.Response, StatusCodes.Status404NotFound, ErrorCode.TaskNotFound, message);
    }

    /// <summary>
    /// Takes an id as it was given out, in either case. <see cref="Guid"/> alone takes more: white space around it, and signs
    /// and 0x within.
    /// </summary>
    private static bool TryRead(string text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && text.Equals(id.ToString(), StringComparison.OrdinalIgnoreCase);
}
