using Iga.Http;
using Iga.Keys;
using Iga.Workflow;
using Npgsql;

namespace Iga.TaskStatus;

/// <summary>GET /v1/tasks/{id}: the engine knows the state of a task, and after its history is purged the table does.</summary>
public sealed class TaskStatusFunction(TaskRecords records, ILogger<TaskStatusFunction> logger)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    [Function("task_status")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v1/tasks/{taskId}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string taskId,
        CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        if (!Guid.TryParseExact(taskId, "D", out var id))
        {
            return NotFound(response);
        }

        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(Budget);
        var unavailable = ErrorCode.TaskHubUnavailable;
        try
        {
            var state = await ReadInstanceAsync(client, id, budget.Token);
            unavailable = ErrorCode.StoreUnavailable;
            state ??= await records.FindAsync(id, budget.Token).WaitAsync(budget.Token) is { } record ? TaskState.Of(record) : null;
            return state is null ? NotFound(response) : Answer(response, id, state);
        }
        catch (Exception exception) when (exception is not OperationCanceledException
            || !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "The state of task {task_id} could not be read", id);
            return Respond.Error(
                response, StatusCodes.Status503ServiceUnavailable, unavailable,
                "The state of the task can't be read at the moment; ask again.");
        }
    }

    private static async Task<TaskState?> ReadInstanceAsync(DurableTaskClient client, Guid id, CancellationToken cancellationToken)
    {
        var instance = await client
            .GetInstanceAsync(id.ToString(), getInputsAndOutputs: true, cancellationToken)
            .WaitAsync(cancellationToken);
        return instance is not null && instance.Name == ImageWorkflow.Name ? TaskState.Of(instance) : null;
    }

    private static IResult Answer(HttpResponse response, Guid id, TaskState state)
    {
        if (!state.HasEnded)
        {
            Respond.AskToWait(response);
        }

        return Respond.Json(
            state.HasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted,
            TaskStatusResponse.For(id, state),
            TaskStatusJson.Readable.TaskStatusResponse);
    }

    private static IResult NotFound(HttpResponse response) => Respond.Error(
        response, StatusCodes.Status404NotFound, ErrorCode.TaskNotFound,
        "There is no task with this id; use the status_url of the answer to POST /generate_image.");
}
