using Iga.Keys;
using Iga.Telemetry;
using Iga.Workflow;

namespace Iga.Webhooks.Delivery;

/// <summary>
/// Activity: makes one attempt to deliver a task's webhook, and writes down what came of it. A crash in between sends it once more, under
/// the same id.
/// </summary>
public sealed class DeliverWebhook(
    CallbackRecords callbacks, TaskRecords tasks, WebhookClient client, IgaMetrics metrics, TimeProvider time, ILogger<DeliverWebhook> logger)
{
    public const string Name = "deliver_webhook";

    /// <summary>For shorter waits the orchestration stays where it is.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMinutes(1);

    /// <returns>Seconds until the run makes its next attempt; 0 when it has ended.</returns>
    [Function(Name)]
    public async Task<int> RunAsync([ActivityTrigger] WebhookRun run, CancellationToken cancellationToken)
    {
        if (await callbacks.FindAsync(run.TaskId, cancellationToken) is not { State: CallbackState.Pending } callback
            || callback.Runs != run.Number)
        {
            return 0;
        }

        if (await tasks.FindAsync(run.TaskId, cancellationToken) is not { Outcome: { } outcome } || callback.EndedAt is not { } endedAt)
        {
            return 0; // The database was put back to an earlier state. The sweeper looks after it when its time has come.
        }

        var body = WebhookMessage.Write(run.TaskId, outcome, endedAt);
        var answer = await client.PostAsync(callback.Url, WebhookMessage.IdOf(run.TaskId), body, cancellationToken);
        if (answer is WebhookAnswer.Busy)
        {
            // Not the receiver's word, so it is no attempt.
            await callbacks.NoteAsync(run, callback, TimeSpan.FromSeconds(Random.Shared.Next(15, 60)), cancellationToken);
            return 0;
        }

        return await NoteAsync(run, callback, answer, endedAt, cancellationToken);
    }

    private async Task<int> NoteAsync(
        WebhookRun run, CallbackRecord callback, WebhookAnswer answer, DateTimeOffset endedAt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var after = callback with { Attempts = callback.Attempts + 1, LastAt = now, LastError = ErrorOf(answer) };
        TimeSpan? wait = null;
        if (after.LastError is null)
        {
            after = after with { State = CallbackState.Delivered };
        }
        else if (answer is WebhookAnswer.Answered { Status: StatusCodes.Status410Gone }
            || (wait = WebhookSchedule.NextWait(
                after.Attempts, now - endedAt, (answer as WebhookAnswer.Answered)?.RetryAfter, Random.Shared.NextDouble())) is null)
        {
            after = after with { State = CallbackState.GivenUp };
        }

        var goesOn = wait <= LongestTimer;
        await callbacks.NoteAsync(
            run, after, (wait ?? TimeSpan.Zero) + (goesOn ? CallbackRecords.Lease : TimeSpan.Zero), cancellationToken);
        metrics.WebhookAttempted(after.State == CallbackState.Pending ? "failed" : after.State);
        Tell(run.TaskId, after, wait);
        return goesOn ? (int)wait!.Value.TotalSeconds : 0;
    }

    /// <summary>Of the address the origin alone: what comes behind it may be a password.</summary>
    private void Tell(Guid taskId, CallbackRecord after, TimeSpan? wait)
    {
        var receiver = CallbackUrl.OriginOf(new Uri(after.Url));
        switch (after.State)
        {
            case CallbackState.Delivered:
                logger.LogInformation("The webhook of task {task_id} is delivered to {receiver}", taskId, receiver);
                break;
            case CallbackState.GivenUp:
                logger.LogError(
                    "The webhook of task {task_id} to {receiver} is given up after {attempts} attempts: {error}", taskId, receiver,
                    after.Attempts, after.LastError);
                break;
            default:
                logger.LogWarning(
                    "The webhook of task {task_id} to {receiver}: {error}. Trying again in {wait} s", taskId, receiver, after.LastError,
                    wait!.Value.TotalSeconds);
                break;
        }
    }

    private static string? ErrorOf(WebhookAnswer answer) => answer switch
    {
        WebhookAnswer.Answered { Status: >= 200 and < 300 } => null,
        WebhookAnswer.Answered answered => $"answered {answered.Status}",
        WebhookAnswer.Failed failed => failed.Error,
        _ => throw new InvalidOperationException($"Nothing was sent: {answer}."),
    };
}
