using Iga.Callers;
using Iga.Http;

namespace Iga.TaskList;

/// <summary>GET /v1/tasks: the tasks of all callers, the newest first or the dearest.</summary>
public sealed class ListTasksFunction(
    TaskSummaries tasks, PricedTasks priced, TimeProvider time, ILogger<ListTasksFunction> logger)
{
    [Function("list_tasks")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/tasks")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        StoreReads.AnswerAsync(
            request, logger, Caller.Of(request.HttpContext)?.Name, StoreReads.Budget,
            async token =>
            {
                var query = TaskQuery.Read(request.Query, time.GetUtcNow());
                (var found, var next) = query.IsByPrice
                    ? await priced.ListAsync(query, token)
                    : await ListNewestAsync(client, query, token);
                return Respond.Json(
                    StatusCodes.Status200OK,
                    new TaskListResponse(found, next is null ? null : TaskQuery.PathOf(request.Query, next)),
                    TaskListJson.Readable.TaskListResponse);
            },
            cancellationToken);

    private async Task<(IReadOnlyList<TaskSummary>, TaskQuery.Cursor?)> ListNewestAsync(
        DurableTaskClient client, TaskQuery query, CancellationToken cancellationToken)
    {
        var page = await tasks.ListAsync(client, query.Filter, query.Limit, query.After?.TaskId, cancellationToken);
        return (page.Tasks, page.Next is { } next ? new TaskQuery.Cursor(next) : null);
    }
}
