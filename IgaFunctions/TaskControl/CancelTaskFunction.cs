using Iga.Faults;
using Iga.Http;
using Iga.Keys;
using Iga.TaskStatus;
using Iga.Workflow;

namespace Iga.TaskControl;

/// <summary>
/// POST /v1/tasks/{id}/cancel: ends a task that is in flight. Answers as GET does: 200 when it has ended, 202 while it ends. As often as one
/// likes; a task that has ended otherwise stays as it is.
/// </summary>
public sealed class CancelTaskFunction(
    TaskCanceller canceller, TaskRecords records, TaskStateReader states, ControlAnswers answers, ILogger<CancelTaskFunction> logger)
{
    /// <summary>For taking back what the task stored. What takes longer is done by the task's own next step, or by the sweeper.</summary>
    private static readonly TimeSpan FinishBudget = TaskStateReader.Budget / 2;

    [Function("cancel_task")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "v1/tasks/{taskId}/cancel")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string taskId,
        CancellationToken cancellationToken) =>
        answers.AnswerAsync(
            request, taskId, async (id, token) => TaskAnswer.Of(request.HttpContext.Response, id, await CancelAsync(client, id, token)), cancellationToken);

    /// <returns>How the task is doing now.</returns>
    private async Task<TaskState> CancelAsync(DurableTaskClient client, Guid id, CancellationToken cancellationToken)
    {
        if (await canceller.CancelAsync(id, cancellationToken) is { } cancelled)
        {
            await TryFinishAsync(client, cancelled, cancellationToken);
        }
        else if (await records.FindAsync(id, cancellationToken) is { } record)
        {
            return UnlessEnded(TaskState.Of(record));
        }
        else if (UnlessEnded(await states.ReadAsync(client, id, cancellationToken) ?? throw TaskAnswer.NoSuchTask()).Outcome is null)
        {
            // The engine alone knows it: another holder has its key, and it has made nothing.
            await client.TerminateInstanceAsync(id.ToString(), cancellation: cancellationToken).WaitAsync(cancellationToken);
        }

        return UnlessEnded(await states.ReadAsync(client, id, cancellationToken) ?? throw TaskAnswer.NoSuchTask());
    }

    private async Task TryFinishAsync(DurableTaskClient client, CancelledTask cancelled, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FinishBudget);
        try
        {
            // Some back ends' clients heed no token while their storage is down.
            await canceller.FinishAsync(client, cancelled, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Task {task_id} is cancelled; what it left is taken back later", cancelled.Task.TaskId);
        }
    }

    /// <exception cref="RejectedException">It has ended, and not by being cancelled.</exception>
    private static TaskState UnlessEnded(TaskState state) =>
        state.Outcome is null or { Error.Type: FailureKind.TaskRevoked }
            ? state
            : throw new RejectedException(
                StatusCodes.Status409Conflict, ErrorCode.TaskEnded,
                $"The task has ended already, as {state.Status}; there is nothing left to cancel.")
            {
                Field = "task_id",
            };
}
