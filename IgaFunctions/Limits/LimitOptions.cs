namespace Iga.Limits;

/// <summary>How much work the service takes on.</summary>
/// <param name="MaxPending">IGA_MAX_PENDING: tasks that have not ended, over all callers and processes.</param>
/// <param name="Callers">IGA_KEY_LIMITS: limits of API keys, by their names.</param>
public sealed record LimitOptions(int MaxPending, IReadOnlyDictionary<string, CallerLimits> Callers)
{
    public const int DefaultMaxPending = 10_000;

    /// <summary>Whether it is written down what the caller's pictures cost: for nobody else, since it takes a share of each picture's time.</summary>
    public bool BoundsSpendOf(string? caller) => caller is not null && Callers.TryGetValue(caller, out var limits) && limits.SpendPerDay is not null;
}
