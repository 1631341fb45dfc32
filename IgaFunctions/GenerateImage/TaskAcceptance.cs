using System.Diagnostics;
using Iga.Http;
using Iga.Keys;
using Iga.Limits;
using Iga.Tasks;
using Iga.Telemetry;
using Iga.Tracing;
using Npgsql;

namespace Iga.GenerateImage;

/// <summary>
/// Accepts tasks, whatever request they come from: asks the limits, claims the key, starts the task. What was begun is finished or undone,
/// whether or not the caller waits for it.
/// </summary>
public sealed partial class TaskAcceptance(
    Admission admission, DailySpend spend, IdempotencyStore store, StartLine starts, IgaMetrics metrics, PromptPreview preview, ILogger<TaskAcceptance> logger)
{
    /// <param name="task">A new one, of an effective request.</param>
    /// <param name="response">Gets the headers that belong to the answer.</param>
    /// <returns>A 202, of the task or of the one that its key has already.</returns>
    /// <exception cref="RejectedException">It is not accepted.</exception>
    public async Task<IResult> AcceptAsync(DurableTaskClient client, ImageTask task, HttpResponse response)
    {
        if (task.WorkflowId is not null)
        {
            response.Headers[RequestHeaders.WorkflowIdName] = task.WorkflowId;
        }

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

            case Claim.Unaffordable:
                throw spend.Refuse();

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
            return await store.ClaimAsync(task, cancellationToken, spend.ReservationFor(task));
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
        Activity.Current.Describe(task);
        Activity.Current?.SetTag(Spans.HttpStatus, StatusCodes.Status202Accepted);
        var statusUrl = $"/v1/tasks/{task.TaskId}";
        response.Headers.Location = statusUrl;
        Respond.AskToWait(response);
        return new AcceptedTask(task.TaskId, Respond.Json(
            StatusCodes.Status202Accepted,
            new AcceptedResponse("Image generation task accepted.", task.TaskId, statusUrl, task.IdempotencyKey),
            GenerateImageJson.Readable.AcceptedResponse));
    }
}
