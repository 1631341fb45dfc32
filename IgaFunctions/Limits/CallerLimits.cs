namespace Iga.Limits;

/// <summary>What the holder of one API key may have. Null is no limit.</summary>
/// <param name="RequestsPerMinute">New tasks that this process accepts in any 60 seconds.</param>
/// <param name="Pending">Tasks that have not ended, over all processes.</param>
/// <param name="SpendPerDay">US dollars by the catalog's prices, on a day of UTC, over all processes.</param>
public sealed record CallerLimits(int? RequestsPerMinute = null, int? Pending = null, decimal? SpendPerDay = null);
