using Iga.Keys;

namespace Iga.Workflow;

/// <summary>Timer: deletes the records of tasks that ended longer ago than they are to be kept. Where nothing is said, all are kept.</summary>
public sealed class RetentionTimer(TaskRetention retention, IdempotencyOptions options, TimeProvider time, ILogger<RetentionTimer> logger)
{
    /// <summary>What is left after that is deleted next time: a function may not run for long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Function("retention")]
    public async Task RunAsync([TimerTrigger("*/30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        if (options.Retention is not { } keep)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            var deleted = await retention.DeleteAsync(time.GetUtcNow() - keep, limit.Token);
            if (deleted > 0)
            {
                logger.LogInformation(
                    "Deleted the records of {count} tasks that ended more than {days} days ago", deleted, (int)keep.TotalDays);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("There are more records of old tasks than can be deleted at once; the next run goes on");
        }
    }
}
