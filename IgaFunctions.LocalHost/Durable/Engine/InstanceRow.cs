namespace Iga.LocalHost.Durable.Engine;

/// <summary>What of an instance is needed to run it.</summary>
/// <param name="ExecutionId">Differs also where an id was purged and then used again.</param>
/// <param name="StartedAt">When it was scheduled, which is the orchestration's first clock reading. UTC.</param>
/// <param name="Seq">How many events are recorded.</param>
internal sealed record InstanceRow(
    string InstanceId, Guid ExecutionId, string Name, string? Input, string? CustomStatus, DateTime StartedAt, int Seq);
