namespace Iga.TaskEvents;

/// <summary>What the tables tell of all tasks at one time.</summary>
/// <param name="At">The database's time.</param>
/// <param name="InFlight">Those that have not ended.</param>
/// <param name="IsWhole">Whether these are all; there may be more than are read.</param>
/// <param name="Ended">Those that ended since the time that was asked for, in the order in which they did.</param>
/// <param name="EndedUntil">Up to where these are all.</param>
internal sealed record TaskSnapshot(
    DateTimeOffset At, IReadOnlySet<Guid> InFlight, bool IsWhole, IReadOnlyList<Guid> Ended, DateTimeOffset EndedUntil);
