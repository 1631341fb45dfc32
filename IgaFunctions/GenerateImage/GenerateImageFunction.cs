using System.Diagnostics;
using Iga.Idempotency;
using Iga.Responses;
using Iga.Tasks;
using Iga.Telemetry;
using Iga.Workflow;
using Npgsql;

namespace Iga.GenerateImage;

/// <summary>POST /generate_image: validates, claims the key, starts the task, answers 202.</summary>
public sealed class GenerateImageFunction(
    RequestReader requests, IdempotencyStore store, IgaMetrics metrics, PromptPreview preview,
    ILogger<GenerateImageFunction> logger)
{
    /// <summary>A caller is told within 5 s that the service can't; this much of it may go to the claim and the start.</summary>
    private static readonly TimeSpan StartBudget = TimeSpan.FromSeconds(3.5);

    /// <summary>
    /// After a start that failed, and what the start left of its time besides: for a look whether it did, and for giving the
    /// claim back; half each.
    /// </summary>
    private static readonly TimeSpan UndoBudget = TimeSpan.FromSeconds(1);

    [Function("generate_image")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "generate_image")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var response = request.HttpContext.Response;
        var outcome = "accepted";
        IDisposable? scope = null;
        try
        {
            var task = await requests.ReadAsync(request, cancellationToken);
            scope = logger.BeginTaskScope(task);
            if (task.WorkflowId is not null)
            {
                response.Headers[RequestHeaders.WorkflowIdName] = task.WorkflowId;
            }

            // From here on the caller's disconnect no longer matters: what was begun is finished or undone.
            return await AcceptAsync(client, task, response);
        }
        catch (RejectedException exception)
        {
            var rejection = exception.Rejection;
            outcome = rejection.ErrorCode;
            metrics.Rejected(rejection.ErrorCode);
            return Respond.Error(response, rejection.Status, rejection.ErrorCode, rejection.Message);
        }
        finally
        {
            metrics.RequestHandled(Stopwatch.GetElapsedTime(started), outcome);
            scope?.Dispose();
        }
    }

    private async Task<IResult> AcceptAsync(DurableTaskClient client, ImageTask task, HttpResponse response)
    {
        var began = Stopwatch.GetTimestamp();
        using var budget = new CancellationTokenSource(StartBudget);
        var claim = await ClaimAsync(task, budget.Token);
        while (claim is Claim.Replayed { InFlight: true } inFlight && !await HoldAsync(task, inFlight, budget.Token))
        {
            // It ended or was given back in between; now the claim finds out which.
            claim = await ClaimAsync(task, budget.Token);
        }

        switch (claim)
        {
            case Claim.Won won:
                task = task with { MayHaveObject = won.TookOver };
                await StartAsync(client, task, isReplay: false, began, budget.Token);
                logger.LogInformation("Accepted: {prompt_preview}", preview.Of(task.Request.Prompt));
                return Accepted(task, response);

            case Claim.HeldElsewhere:
                await StartAsync(client, task, isReplay: false, began, budget.Token);
                logger.LogInformation("Another holder has the idempotency key; the task will report the conflict");
                return Accepted(task, response);

            case Claim.Replayed replayed:
                var earlier = task with { TaskId = replayed.TaskId, MayHaveObject = true };
                if (replayed.InFlight)
                {
                    await StartAsync(client, earlier, isReplay: true, began, budget.Token);
                }

                metrics.Replayed();
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
            return await store.FreshenLockAsync(task with { TaskId = claim.TaskId }, cancellationToken).WaitAsync(cancellationToken);
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

    private async Task StartAsync(
        DurableTaskClient client, ImageTask task, bool isReplay, long began, CancellationToken cancellationToken)
    {
        try
        {
            // Some back ends' clients heed no token while their storage is down.
            await (isReplay
                    ? TaskStarter.EnsureStartedAsync(client, task, cancellationToken)
                    : TaskStarter.StartAsync(client, task, cancellationToken))
                .WaitAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The task could not be started");
            if (!isReplay)
            {
                var left = StartBudget + UndoBudget - Stopwatch.GetElapsedTime(began);
                var half = (left > UndoBudget ? left : UndoBudget) / 2;
                switch (await WasStartedAsync(client, task, half))
                {
                    case true:
                        return;
                    case false:
                        await ReleaseAsync(task, half);
                        break;

                        // Else the key stays claimed, so the next POST with it, or the sweeper, starts the task.
                }
            }

            throw new RejectedException(
                StatusCodes.Status503ServiceUnavailable, ErrorCode.TaskHubUnavailable,
                "The task could not be started; send the same request again.");
        }
    }

    /// <summary>
    /// Whether a start that failed did start the task, and only its answer was lost, or another POST with the key has
    /// started it meanwhile and its caller was told so: then the claim must stay.
    /// </summary>
    /// <returns>Null if it could not be found out.</returns>
    private async Task<bool?> WasStartedAsync(DurableTaskClient client, ImageTask task, TimeSpan patience)
    {
        using var budget = new CancellationTokenSource(patience);
        try
        {
            return await client.GetInstanceAsync(task.InstanceId, getInputsAndOutputs: false, budget.Token)
                .WaitAsync(budget.Token) is not null;
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Whether the task was started could not be found out");
            return null;
        }
    }

    private async Task ReleaseAsync(ImageTask task, TimeSpan patience)
    {
        using var budget = new CancellationTokenSource(patience);
        try
        {
            await store.ReleaseAsync(task, budget.Token).WaitAsync(budget.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // The key stays claimed, so the next POST with it, or the sweeper, starts the task.
            logger.LogWarning(exception, "The claim on the idempotency key could not be given back");
        }
    }

    private static IResult Accepted(ImageTask task, HttpResponse response)
    {
        var statusUrl = $"/v1/tasks/{task.TaskId}";
        response.Headers.Location = statusUrl;
        Respond.AskToWait(response);
        return Respond.Json(
            StatusCodes.Status202Accepted,
            new AcceptedResponse("Image generation task accepted.", task.TaskId, statusUrl, task.IdempotencyKey),
            GenerateImageJson.Readable.AcceptedResponse);
    }
}
