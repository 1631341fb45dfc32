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

    /// <summary>180 s. The time for which the table of keys is away comes on top.</summary>
    public static readonly TimeSpan Budget = PromisedLimits.Trying;

    /// <summary>
    /// For the table of keys: nothing else can be done, and an accepted task is never given up lightly. Also for a picture that is
    /// paid for and waits for the bucket, for one that waits for room in the staging before it is paid for, and for a failed task that has to make sure that it leaves no object.
    /// </summary>
    public static readonly TimeSpan StoreBudget = TimeSpan.FromHours(24);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // Where a task waits for hours: some 350 tries a day, so that its history stays small.
    private static readonly TimeSpan LongestWaitOfHours = TimeSpan.FromMinutes(5);

    // What a dependency asks for is obeyed, but not at the cost of a paid picture.
    private static readonly TimeSpan LongestAskedWait = TimeSpan.FromHours(1);

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

        var isForHours = fault.HasPaidPicture || fault.WaitsForStaging;
        var wait = isForHours ? BackoffOfHours(tries, elapsed, seed) : Backoff(tries, seed);
        var asked = fault.RetryAfter ?? TimeSpan.Zero;
        asked = isForHours && asked > LongestAskedWait ? LongestAskedWait : asked;
        if (asked > wait)
        {
            wait = TimeSpan.FromSeconds(Math.Ceiling(asked.TotalSeconds));
        }

        return fault.IsLocalWait || elapsed + wait <= (isForHours ? StoreBudget : Budget) ? wait : null;
    }

    /// <summary>As <see cref="Backoff"/>; after minutes a tenth of the time that has passed, up to five minutes.</summary>
    public static TimeSpan BackoffOfHours(int tries, TimeSpan elapsed, int seed)
    {
        var wait = Backoff(tries, seed);
        var tenth = TimeSpan.FromSeconds(Math.Ceiling(elapsed.TotalSeconds / 10));
        tenth = tenth > LongestWaitOfHours ? LongestWaitOfHours : tenth;
        return wait > tenth ? wait : tenth;
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
