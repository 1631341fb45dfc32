using Iga.Callers;
using Iga.Http;
using Iga.Keys;
using Iga.Tasks;
using Iga.Waiting;
using Iga.Webhooks;
using Iga.Workflow;

namespace Iga.TaskStatus;

/// <summary>GET /v1/tasks/{id}: how a task is doing, at once or, with <c>?wait=</c>, as soon as it has ended.</summary>
public sealed class TaskStatusFunction(AwaitedTask tasks, TaskReports reports, CallbackRecords callbacks, ILogger<TaskStatusFunction> logger)
{
    [Function("task_status")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/tasks/{taskId}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string taskId,
        CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        var caller = Caller.Of(request.HttpContext)?.Name;
        if (!TaskIdText.TryRead(taskId, out var id))
        {
            return logger.Refuse(response, TaskAnswer.NoSuchTask(), caller);
        }

        try
        {
            var (state, _) = await tasks.ReadAsync(client, id, WaitQuery.Read(request.Query), caller, cancellationToken);
            if (state is null)
            {
                return logger.Refuse(response, TaskAnswer.NoSuchTask(), caller);
            }

            var details = request.Query["include"] == "details" ? await FindDetailsAsync(id, cancellationToken) : null;
            return TaskAnswer.Of(response, id, state, details);
        }
        catch (RejectedException exception)
        {
            return logger.Refuse(response, exception, caller);
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

    private async Task<TaskDetails> FindDetailsAsync(Guid id, CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(TaskStateReader.Budget);
        var report = reports.FindAsync(id, budget.Token);
        var callback = callbacks.FindAsync(id, budget.Token);
        return TaskDetails.Of(
            id, await TaskStateReader.AskTableAsync(report, budget.Token),
            await TaskStateReader.AskTableAsync(callback, budget.Token) is { } found ? CallbackDetails.Of(found) : null);
    }
}
