namespace Iga.Limits;

/// <summary>How much work the service takes on.</summary>
/// <param name="MaxPending">IGA_MAX_PENDING: tasks that have not ended, over all callers and processes.</param>
/// <param name="Callers">IGA_KEY_LIMITS: limits of API keys, by their names.</param>
/// <param name="DailySpend">IGA_DAILY_SPEND_LIMIT: US dollars a day (UTC), over all callers and processes; null is no limit.</param>
public sealed record LimitOptions(int MaxPending, IReadOnlyDictionary<string, CallerLimits> Callers, decimal? DailySpend = null)
{
    public const int DefaultMaxPending = 10_000;

    /// <summary>
    /// Whether it is written down what the caller's pictures cost: only where something is limited by it, since it takes a share of each
    /// picture's time.
    /// </summary>
    public bool BoundsSpendOf(string? caller) =>
        DailySpend is not null || (caller is not null && Callers.TryGetValue(caller, out var limits) && limits.SpendPerDay is not null);
}
