namespace Iga.LocalHost.Durable.Engine;

/// <summary>What of an instance is needed to run it.</summary>
/// <param name="ExecutionId">New with every start of the same instance id.</param>
/// <param name="StartedAt">The orchestration's first clock reading, UTC.</param>
/// <param name="Seq">How many events are recorded.</param>
internal sealed record InstanceRow(
    string InstanceId, Guid ExecutionId, string Name, string? Input, string? CustomStatus, DateTime StartedAt, int Seq);
