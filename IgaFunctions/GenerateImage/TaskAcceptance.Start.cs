using System.Diagnostics;
using Iga.Http;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow;
using Npgsql;

namespace Iga.GenerateImage;

/// <content>The start of a task whose key is claimed, and what becomes of the claim if the start fails.</content>
public sealed partial class TaskAcceptance
{
    /// <summary>What the claim and the start may take of the time after which a caller is told that the service can't.</summary>
    internal static readonly TimeSpan StartBudget = PromisedLimits.Refusal - TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// After a start that failed, and what the start left of its time besides: for a look whether it did, and for giving the
    /// claim back; half each.
    /// </summary>
    internal static readonly TimeSpan UndoBudget = TimeSpan.FromSeconds(1);

    private async Task StartAsync(
        DurableTaskClient client, ImageTask task, Claim claim, long began, CancellationToken cancellationToken)
    {
        var isReplay = claim is Claim.Replayed;

        // No timer and nothing linked to it: it needs no disposal, which a start that goes on alone would miss.
        var giveUp = new CancellationTokenSource();
        var start = starts.RunAsync(
            token => isReplay
                ? TaskStarter.EnsureStartedAsync(client, task, token)
                : TaskStarter.StartAsync(client, task, token),
            giveUp.Token);
        try
        {
            await start.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (claim is not Claim.HeldElsewhere && !start.IsCompleted && starts.IsMoving)
        {
            // The hub is busy, not away, and the key's row is the task's: who has waited so long is told that the task is accepted.
            // Without a row of its own, because another holder has the key, a late start that fails would be made up for by nobody.
            _ = WatchAsync(start);
        }
        catch (Exception exception)
        {
            await giveUp.CancelAsync();
            logger.LogError(exception, "The task could not be started");
            if (!isReplay && await UndoAsync(client, task, exception, began))
            {
                return;
            }

            throw new RejectedException(
                StatusCodes.Status503ServiceUnavailable, ErrorCode.TaskHubUnavailable,
                "The task could not be started; send the same request again.");
        }
    }

    private async Task WatchAsync(Task start)
    {
        try
        {
            await start;
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The task was accepted but could not be started; the sweeper will start it");
        }
    }

    /// <summary>Gives the claim back, unless the task was started after all or that can't be found out.</summary>
    /// <returns>Whether it was started.</returns>
    private async Task<bool> UndoAsync(DurableTaskClient client, ImageTask task, Exception failure, long began)
    {
        var left = StartBudget + UndoBudget - Stopwatch.GetElapsedTime(began);
        var half = (left > UndoBudget ? left : UndoBudget) / 2;
        var wasStarted = failure is StartRefusedException ? false : await WasStartedAsync(client, task, half);
        if (wasStarted is false)
        {
            await ReleaseAsync(task, half);
        }

        // If unknown the key stays claimed, so the next POST with it, or the sweeper, starts the task.
        return wasStarted is true;
    }

    /// <summary>
    /// Whether a start that failed did start the task, and only its answer was lost, or another POST with the key has
    /// started it meanwhile and its caller was told so: then the claim must stay.
    /// </summary>
    /// <returns>Null if it could not be found out.</returns>
    private async Task<bool?> WasStartedAsync(DurableTaskClient client, ImageTask task, TimeSpan timeout)
    {
        using var budget = new CancellationTokenSource(timeout);
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

    private async Task ReleaseAsync(ImageTask task, TimeSpan timeout)
    {
        using var budget = new CancellationTokenSource(timeout);
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
}
