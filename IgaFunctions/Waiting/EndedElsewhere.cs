using Iga.Changes;
using Iga.Keys;
using Iga.Workflow;

namespace Iga.Waiting;

/// <summary>
/// Finds out that watched tasks have ended which this process did not end: one statement for all of them, every so often, and only
/// while any is watched.
/// </summary>
public sealed class EndedElsewhere(
    TaskChanges changes, TaskEnds ends, TimeProvider time, ILogger<EndedElsewhere> logger, ILiveTasks? live = null)
{
    /// <summary>Tasks that run here say themselves when they end, but not where they are ended from outside: so they are asked for, too, but seldom.</summary>
    private const int RoundsOfLiveTasks = 10;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private int _isLooking;

    /// <summary>So often the table was asked, for all who waited at that time.</summary>
    internal int Rounds { get; private set; }

    /// <summary>To be called when a task is watched; the looking ends by itself when none is.</summary>
    public void Look()
    {
        if (Interlocked.CompareExchange(ref _isLooking, 1, 0) == 0)
        {
            // The log scope of the request that happens to be the first must not leak into it.
            using var apart = ExecutionContext.SuppressFlow();
            _ = Task.Run(LookAsync, CancellationToken.None);
        }
    }

    private async Task LookAsync()
    {
        var failures = 0;
        for (var round = 1; ; round++)
        {
            await Task.Delay(LookPauses.After(failures, LongestPause), time);
            var watched = changes.Watched();
            if (watched.Length == 0 && IsOver())
            {
                return;
            }

            var asked = round % RoundsOfLiveTasks == 0 ? watched : watched.Where(id => live?.Contains(id) != true).ToArray();
            failures = asked.Length == 0 || await TryAskAsync(asked, failures) ? 0 : failures + 1;
        }
    }

    /// <returns>False when a task came to be watched just now, and whoever watches it took this for still looking.</returns>
    private bool IsOver()
    {
        Volatile.Write(ref _isLooking, 0);
        return changes.Watched().Length == 0 || Interlocked.CompareExchange(ref _isLooking, 1, 0) != 0;
    }

    private async Task<bool> TryAskAsync(Guid[] taskIds, int failures)
    {
        try
        {
            Rounds++;
            using var timeout = new CancellationTokenSource(Timeout);
            foreach (var ended in await ends.FindAsync(taskIds, timeout.Token).WaitAsync(timeout.Token))
            {
                changes.Ended(ended);
            }

            return true;
        }
        catch (Exception exception)
        {
            if (failures == 0)
            {
                logger.LogWarning(exception, "Whether tasks have ended that requests wait for could not be found out; it is tried again");
            }

            return false;
        }
    }
}
