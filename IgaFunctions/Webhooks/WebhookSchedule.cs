namespace Iga.Webhooks;

/// <summary>When a webhook that was not taken is sent again.</summary>
internal static class WebhookSchedule
{
    /// <summary>After the end of the task.</summary>
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan LongestAskedWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1),
        TimeSpan.FromHours(3), TimeSpan.FromHours(6),
    ];

    /// <param name="attempts">So far, 1 or more.</param>
    /// <param name="sinceEnd">Since the task ended.</param>
    /// <param name="asked">What the receiver's Retry-After says.</param>
    /// <param name="jitter">From 0 to 1: waits are up to a quarter longer, so that what failed together does not come back together.</param>
    /// <returns>Whole seconds, or null when it is given up.</returns>
    public static TimeSpan? NextWait(int attempts, TimeSpan sinceEnd, TimeSpan? asked, double jitter)
    {
        var wait = Waits[Math.Min(attempts, Waits.Length) - 1] * (1 + (jitter / 4));
        if (asked > wait)
        {
            wait = asked.Value > LongestAskedWait ? LongestAskedWait * (1 + (jitter / 4)) : asked.Value;
        }

        wait = TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
        return sinceEnd + wait <= GivesUpAfter ? wait : null;
    }
}
