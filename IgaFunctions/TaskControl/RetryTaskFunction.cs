using Iga.Callers;
using Iga.GenerateImage;
using Iga.Http;
using Iga.Keys;
using Iga.Tasks;
using Iga.TaskStatus;
using Iga.Telemetry;
using Iga.Workflow;

namespace Iga.TaskControl;

/// <summary>
/// POST /v1/tasks/{id}/retry: the request of a failed task again, under its key, as if it had been posted again: with the limits of
/// whoever asks, and with one new task however often it is asked for.
/// </summary>
public sealed class RetryTaskFunction(
    TaskReports tasks, RequestReader requests, TaskAcceptance acceptance, TaskStateReader states, ControlAnswers answers,
    ILogger<RetryTaskFunction> logger)
{
    [Function("retry_task")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "v1/tasks/{taskId}/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string taskId,
        CancellationToken cancellationToken) =>
        answers.AnswerAsync(request, taskId, (id, token) => RetryAsync(request.HttpContext, client, id, token), cancellationToken);

    private async Task<IResult> RetryAsync(HttpContext context, DurableTaskClient client, Guid id, CancellationToken cancellationToken)
    {
        if (await tasks.FindAsync(id, cancellationToken) is not { HasFailed: true, IdempotencyKey: { } key } past)
        {
            throw NotFailed(await states.ReadAsync(client, id, cancellationToken) ?? throw TaskAnswer.NoSuchTask());
        }

        var effective = past.Request ?? throw Conflict(
            ErrorCode.RequestErased, "What the task was asked for is not kept any more; send the request itself again.");
        var task = requests.NewTask(key, past.WorkflowId, effective, Caller.Of(context)?.Name);
        using var scope = logger.BeginTaskScope(task);
        return await acceptance.AcceptAsync(client, task, context.Response);
    }

    private static RejectedException NotFailed(TaskState state) => state.Outcome?.Error is null
        ? Conflict(ErrorCode.TaskNotFailed, $"The task is {state.Status}, and only a task that failed can be tried again.")
        : new(
            StatusCodes.Status409Conflict, ErrorCode.TaskNotFailed, "The task has failed, but its key is not free yet; try again in a moment.")
        {
            Field = "task_id",
            RetryAfter = TimeSpan.FromSeconds(Respond.RetryAfterSeconds),
        };

    private static RejectedException Conflict(string errorCode, string message) =>
        new(StatusCodes.Status409Conflict, errorCode, message) { Field = "task_id" };
}
