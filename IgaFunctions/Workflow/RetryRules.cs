using Iga.Faults;
using Iga.Http;

namespace Iga.Workflow;

/// <summary>
/// How long a task waits before it tries again, and when it gives up. Pure: the same answer at every replay.
/// </summary>
public static class RetryRules
{
    /// <summary>Durable timers on Azure Storage have whole seconds and may fire up to 1 s early.</summary>
    public static readonly TimeSpan MinimumWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// 180 s. The time for which the table of keys is away comes on top.
    /// </summary>
    public static readonly TimeSpan Budget = PromisedLimits.Trying;

    /// <summary>
    /// How long a task that fails tries to make sure that it leaves no object: half of what <see cref="Budget"/> leaves of the
    /// time that the caller polls.
    /// </summary>
    public static readonly TimeSpan CleanUpBudget = (PromisedLimits.Polling - Budget) / 2;

    /// <summary>For the table of keys: nothing else can be done, and an accepted task is never given up lightly.</summary>
    public static readonly TimeSpan StoreBudget = TimeSpan.FromHours(24);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <param name="fault">What the last try ended in.</param>
    /// <param name="tries">Tries so far, 1 or more; tries that the service's own limits held back don't count.</param>
    /// <param name="elapsed">Since the first try, less the time for which the table of keys was away.</param>
    /// <param name="seed">Spreads the waits of different tasks.</param>
    /// <returns>Whole seconds, or null when the task gives up.</returns>
    public static TimeSpan? NextWait(Fault fault, int tries, TimeSpan elapsed, int seed)
    {
        if (!fault.IsTransient)
        {
            return null;
        }

        var wait = Backoff(tries, seed);
        if (fault.RetryAfter is { } asked && asked > wait)
        {
            wait = TimeSpan.FromSeconds(Math.Ceiling(asked.TotalSeconds));
        }

        return fault.IsLocalWait || elapsed + wait <= Budget ? wait : null;
    }

    /// <summary>2, 4, 8, 16, 30, 30, … seconds, each up to a quarter longer.</summary>
    public static TimeSpan Backoff(int tries, int seed)
    {
        var seconds = Math.Min(LongestWait.TotalSeconds, MinimumWait.TotalSeconds * Math.Pow(2, Math.Min(tries, 16) - 1));
        var spread = (uint)HashCode(seed, tries) % 1000 / 1000.0;
        return TimeSpan.FromSeconds(Math.Ceiling(seconds * (1 + (spread / 4))));
    }

    // Not System.HashCode: that one differs from process to process, and a replay may happen in another.
    private static int HashCode(int seed, int tries) => unchecked(((seed * 397) ^ tries) * 16777619);
}
