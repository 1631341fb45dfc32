namespace Iga.Usage;

/// <summary>What was used in a time, as it was when it was read.</summary>
/// <param name="Until">The end of the time that they were added up over.</param>
/// <param name="Rows">See <see cref="UsageResponse"/>.</param>
/// <param name="Total">See <see cref="UsageResponse"/>.</param>
internal sealed record UsageFigures(DateTimeOffset Until, IReadOnlyList<UsageRow> Rows, UsageSum Total);
