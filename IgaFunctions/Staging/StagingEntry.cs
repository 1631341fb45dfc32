namespace Iga.Staging;

/// <summary>A staged picture as the sweeper sees it.</summary>
/// <param name="MayBeForeign">
/// It lies where version 1.0 staged for all databases: the task may be another system's.
/// </param>
public sealed record StagingEntry(Guid TaskId, DateTimeOffset StagedAt, bool MayBeForeign = false);
