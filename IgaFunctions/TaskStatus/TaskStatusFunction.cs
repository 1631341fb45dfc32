using Iga.Callers;
using Iga.Http;
using Iga.Keys;
using Iga.Webhooks;
using Iga.Workflow;
using Npgsql;

namespace Iga.TaskStatus;

/// <summary>
/// GET /v1/tasks/{id}: the engine knows the state of a task. The table knows how a task ended, also after the engine's history
/// is purged, while the engine is out of reach, and where the orchestration ended otherwise after the picture was stored; it alone has
/// the prompt of a task that has ended.
/// </summary>
public sealed class TaskStatusFunction(
    TaskRecords records, CallbackRecords callbacks, ILogger<TaskStatusFunction> logger, ILiveTasks? live = null)
{
    internal static readonly TimeSpan Budget = PromisedLimits.Refusal - TimeSpan.FromSeconds(1);

    /// <summary>An engine that has not answered by then is not waited for alone: the table is asked as well.</summary>
    private static readonly TimeSpan EngineAlone = TimeSpan.FromSeconds(1);

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

        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(Budget);
        try
        {
            var state = await ReadAsync(client, id, budget.Token);
            if (state is null)
            {
                return NotFound(request);
            }

            var details = request.Query["include"] == "details" && state.Outcome?.Image is not null
                ? await FindDetailsAsync(id, budget.Token)
                : null;
            return Answer(response, id, state, details);
        }
        catch (UnreadableException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.LogError(exception.InnerException, "The state of task {task_id} could not be read", id);
            return Respond.Error(
                response, StatusCodes.Status503ServiceUnavailable, exception.ErrorCode,
                "The state of the task can't be read at the moment; ask again.");
        }
    }

    /// <returns>Null if there is no such task.</returns>
    private async Task<TaskState?> ReadAsync(DurableTaskClient client, Guid id, CancellationToken cancellationToken)
    {
        if (live?.Contains(id) == false && await TryFindEndAsync(id, cancellationToken) is { } ended)
        {
            return ended;
        }

        var look = LookAsync(client, id, cancellationToken);
        try
        {
            return await StateOfAsync(await look.WaitAsync(EngineAlone, cancellationToken), id, cancellationToken);
        }
        catch (Exception exception) when (exception is not UnreadableException)
        {
            // Only an end: the table does not know whether a task in flight has begun, and of a task that lost its key it may
            // know nothing yet.
            if (await TryFindEndAsync(id, cancellationToken) is { } end)
            {
                logger.LogWarning(exception, "The task hub does not answer; the end of task {task_id} is told from the table", id);
                return end;
            }
        }

        try
        {
            // Some back ends' clients heed no token while their storage is down.
            return await StateOfAsync(await look.WaitAsync(cancellationToken), id, cancellationToken);
        }
        catch (Exception exception) when (exception is not UnreadableException)
        {
            throw new UnreadableException(ErrorCode.TaskHubUnavailable, exception);
        }
    }

    private static async Task<OrchestrationMetadata?> LookAsync(
        DurableTaskClient client, Guid id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id.ToString(), getInputsAndOutputs: true, cancellationToken);

    private async Task<TaskState?> StateOfAsync(OrchestrationMetadata? instance, Guid id, CancellationToken cancellationToken)
    {
        if (instance is null || instance.Name != ImageWorkflow.Name)
        {
            return await FindRecordAsync(id, cancellationToken);
        }

        // Terminated, or failed unforeseen: the picture may have been stored before that. Then the key starts no other task, and its
        // callers are told of the picture.
        var wasCutOff = instance.RuntimeStatus is OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Failed;
        var state = wasCutOff ? null : TaskState.Of(instance);
        return state is null or { Outcome.Image.PromptUsed: null }
            && await FindRecordAsync(id, cancellationToken) is { Outcome.Image: not null } stored
            ? stored
            : state ?? TaskState.Of(instance);
    }

    private async Task<TaskState?> FindRecordAsync(Guid id, CancellationToken cancellationToken) =>
        await AskTableAsync(records.FindAsync(id, cancellationToken), cancellationToken) is { } record
            ? TaskState.Of(record)
            : null;

    private async Task<TaskDetails?> FindDetailsAsync(Guid id, CancellationToken cancellationToken) =>
        await AskTableAsync(records.FindImageAsync(id, cancellationToken), cancellationToken) is { } found
            ? TaskDetails.Of(found.Image, found.Caller) with { Callback = await FindCallbackAsync(id, cancellationToken) }
            : null;

    private async Task<CallbackDetails?> FindCallbackAsync(Guid id, CancellationToken cancellationToken) =>
        await AskTableAsync(callbacks.FindAsync(id, cancellationToken), cancellationToken) is { } found ? CallbackDetails.Of(found) : null;

    private static async Task<T> AskTableAsync<T>(Task<T> question, CancellationToken cancellationToken)
    {
        try
        {
            return await question.WaitAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            throw new UnreadableException(ErrorCode.StoreUnavailable, exception);
        }
    }

    private async Task<TaskState?> TryFindEndAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await FindRecordAsync(id, cancellationToken) is { HasEnded: true } end ? end : null;
        }
        catch (UnreadableException)
        {
            return null; // Then the engine's own failure is the answer.
        }
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

    /// <summary>Neither the engine nor the table could tell; the code names the one that the answer depended on.</summary>
    private sealed class UnreadableException(string errorCode, Exception cause) : Exception(errorCode, cause)
    {
        public string ErrorCode { get; } = errorCode;
    }
}
