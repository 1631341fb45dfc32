using System.Diagnostics;
using Iga.Callers;
using Iga.Http;
using Iga.Keys;
using Iga.Limits;
using Iga.Tasks;
using Iga.TaskStatus;
using Iga.Telemetry;
using Npgsql;

namespace Iga.GenerateImage;

/// <summary>POST /generate_image: validates, claims the key, starts the task, answers 202.</summary>
public sealed partial class GenerateImageFunction(
    RequestReader requests, Admission admission, IdempotencyStore store, StartLine starts, AwaitedTask tasks, IgaMetrics metrics,
    PromptPreview preview,
    ILogger<GenerateImageFunction> logger)
{
    [Function("generate_image")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "generate_image")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        // Measured apart: a wait is the caller's wish, and says nothing of how fast the service accepts.
        var answer = await AcceptAsync(request, client, cancellationToken);
        return answer is AcceptedTask accepted ? await AwaitEndAsync(request, client, accepted, cancellationToken) : answer;
    }

    private async Task<IResult> AcceptAsync(HttpRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var response = request.HttpContext.Response;
        string? errorCode = null;
        string? modelId = null;
        var caller = Caller.Of(request.HttpContext)?.Name;
        IDisposable? scope = null;
        try
        {
            (var task, var ignored) = await requests.ReadAsync(request, cancellationToken);
            modelId = task.Request.ModelId;
            scope = logger.BeginTaskScope(task);
            if (task.WorkflowId is not null)
            {
                response.Headers[RequestHeaders.WorkflowIdName] = task.WorkflowId;
            }

            // From here on the caller's disconnect no longer matters: what was begun is finished or undone.
            var accepted = await AcceptAsync(client, task, response);
            response.Headers[IgnoredFields.HeaderName] = IgnoredFields.Value(ignored);
            return accepted;
        }
        catch (RejectedException exception)
        {
            errorCode = exception.ErrorCode;
            metrics.Rejected(exception.ErrorCode, caller);
            logger.LogRefusal(exception.Status, exception.ErrorCode, exception.Field, exception.Message, caller);
            return Respond.Error(response, exception.Status, exception.ErrorCode, exception.Message, exception.RetryAfter);
        }
        catch (Exception exception)
        {
            // The host answers, if the caller did not hang up.
            errorCode = exception is OperationCanceledException or IOException ? ErrorCode.BadRequest : ErrorCode.InternalError;
            throw;
        }
        finally
        {
            metrics.RequestHandled(Stopwatch.GetElapsedTime(started), errorCode, modelId, caller);
            scope?.Dispose();
        }
    }

    private async Task<IResult> AcceptAsync(DurableTaskClient client, ImageTask task, HttpResponse response)
    {
        var began = Stopwatch.GetTimestamp();
        using var budget = new CancellationTokenSource(StartBudget);
        var place = await EnterAsync(task, budget.Token);
        var isTask = false;
        try
        {
            var claim = await ClaimOrHoldAsync(task, budget.Token);
            var accepted = await AcceptAsync(client, task, claim, began, response, budget.Token);
            isTask = claim is Claim.Won;
            return accepted;
        }
        finally
        {
            place?.End(isTask);
        }
    }

    /// <summary>Asks whether the limits leave room for a new task.</summary>
    /// <returns>Null for the repeat of a known key, which needs none.</returns>
    private async ValueTask<Admission.Place?> EnterAsync(ImageTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await admission.EnterAsync(task, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            logger.LogError(exception, "Whether the idempotency key is known could not be found out");
            throw StoreUnavailable();
        }
    }

    private async Task<Claim> ClaimOrHoldAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var claim = await ClaimAsync(task, cancellationToken);
        while (claim is Claim.Replayed { InFlight: true } inFlight && !await HoldAsync(task, inFlight, cancellationToken))
        {
            // It ended or was given back in between; now the claim finds out which.
            claim = await ClaimAsync(task, cancellationToken);
        }

        return claim;
    }

    private async Task<IResult> AcceptAsync(
        DurableTaskClient client, ImageTask task, Claim claim, long began, HttpResponse response, CancellationToken cancellationToken)
    {
        switch (claim)
        {
            case Claim.Won won:
                task = task with { MayHaveObject = won.MayHaveObject };
                await StartAsync(client, task, claim, began, cancellationToken);
                logger.LogInformation("Accepted: {prompt_preview}", preview.Of(task.Request.Prompt));
                return Accepted(task, response);

            case Claim.HeldElsewhere:
                await StartAsync(client, task, claim, began, cancellationToken);
                logger.LogInformation("Another holder has the idempotency key; the task will report the conflict");
                return Accepted(task, response);

            case Claim.Replayed replayed:
                var earlier = task with { TaskId = replayed.TaskId, MayHaveObject = true };
                if (replayed.InFlight)
                {
                    await StartAsync(client, earlier, claim, began, cancellationToken);
                }

                metrics.Replayed(task.Caller);
                response.Headers["Idempotent-Replayed"] = "true";
                return Accepted(earlier, response);

            default:
                throw new RejectedException(
                    StatusCodes.Status422UnprocessableEntity, ErrorCode.KeyReused,
                    $"Header {RequestHeaders.IdempotencyKeyName} holds a key that was used for a different request; "
                    + "send the same request again, or this one with a new key.");
        }
    }

    private async Task<Claim> ClaimAsync(ImageTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ClaimAsync(task, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            logger.LogError(exception, "The idempotency key could not be claimed");
            throw StoreUnavailable();
        }
    }

    /// <summary>Keeps a claim from being given back by the POST that made it, which may be about to.</summary>
    private async Task<bool> HoldAsync(ImageTask task, Claim.Replayed claim, CancellationToken cancellationToken)
    {
        try
        {
            return await store.RenewLockAsync(task with { TaskId = claim.TaskId }, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            logger.LogError(exception, "The claim on the idempotency key could not be held");
            throw StoreUnavailable();
        }
    }

    private static RejectedException StoreUnavailable() => new(
        StatusCodes.Status503ServiceUnavailable, ErrorCode.StoreUnavailable,
        "The store of idempotency keys is out of reach; send the same request again.");

    private static AcceptedTask Accepted(ImageTask task, HttpResponse response)
    {
        var statusUrl = $"/v1/tasks/{task.TaskId}";
        response.Headers.Location = statusUrl;
        Respond.AskToWait(response);
        return new AcceptedTask(task.TaskId, Respond.Json(
            StatusCodes.Status202Accepted,
            new AcceptedResponse("Image generation task accepted.", task.TaskId, statusUrl, task.IdempotencyKey),
            GenerateImageJson.Readable.AcceptedResponse));
    }
}
