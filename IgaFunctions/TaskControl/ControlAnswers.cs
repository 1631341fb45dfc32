using Iga.Callers;
using Iga.Http;
using Iga.Tasks;
using Iga.TaskStatus;
using Iga.Telemetry;
using Npgsql;

namespace Iga.TaskControl;

/// <summary>What the routes that change a task have in common: how they are checked, and how they tell that they can't.</summary>
public sealed class ControlAnswers(IgaMetrics metrics, ILogger<ControlAnswers> logger)
{
    /// <param name="taskId">As it stands in the path.</param>
    /// <param name="change">Begins when the request is right. Its time is bounded; that the caller hangs up does not end it.</param>
    public async Task<IResult> AnswerAsync(
        HttpRequest request, string taskId, Func<Guid, CancellationToken, Task<IResult>> change, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(request.HttpContext)?.Name;
        var response = request.HttpContext.Response;
        try
        {
            await ChangeRequest.CheckAsync(request, cancellationToken);
            using var budget = new CancellationTokenSource(TaskStateReader.Budget);
            return TaskIdText.TryRead(taskId, out var id) ? await ChangeAsync(id, change, budget.Token) : throw TaskAnswer.NoSuchTask();
        }
        catch (RejectedException exception)
        {
            metrics.Rejected(exception.ErrorCode, caller);
            return logger.Refuse(response, exception, caller);
        }
    }

    private async Task<IResult> ChangeAsync(Guid id, Func<Guid, CancellationToken, Task<IResult>> change, CancellationToken budget)
    {
        try
        {
            return await change(id, budget);
        }
        catch (UnreadableTaskException exception)
        {
            throw Unavailable(id, exception.ErrorCode, exception.InnerException ?? exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            throw Unavailable(id, ErrorCode.StoreUnavailable, exception);
        }
    }

    private RejectedException Unavailable(Guid id, string errorCode, Exception cause)
    {
        logger.LogError(cause, "What was asked of task {task_id} could not be done", id);
        return new(StatusCodes.Status503ServiceUnavailable, errorCode, "This can't be done, or not be told, at the moment; send the same request again.");
    }
}
