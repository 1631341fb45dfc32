using Iga.LocalHost.Durable.Engine;

namespace Iga.LocalHost.Durable.Store;

/// <summary>One write of an instance: what happened and what came of it, all in one commit.</summary>
/// <param name="Owner">The lease token that the write is conditional on.</param>
/// <param name="Seq">The number of events recorded once this is written; the new event's own number, if there is one.</param>
/// <param name="Event">What the orchestrator was told; null if it only began or broke a rule.</param>
/// <param name="Outcome">How the orchestrator ended; null if it waits.</param>
internal sealed record Step(
    InstanceRow Row, Guid Owner, int Seq, HistoryEvent? Event, string? CustomStatus, OrchestrationOutcome? Outcome);
