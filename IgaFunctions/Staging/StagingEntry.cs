namespace Iga.Staging;

/// <summary>A staged picture as the sweeper sees it.</summary>
public sealed record StagingEntry(Guid TaskId, DateTimeOffset StagedAt);
