namespace Iga.LocalHost.Durable.Engine;

/// <summary>One recorded step of an instance.</summary>
/// <param name="Seq">From 1, without gaps.</param>
/// <param name="TaskId">The task that ended: its place in the order in which the orchestrator asked for tasks, from 0.</param>
/// <param name="Name">The activity's name; <c>timer</c> for a timer.</param>
/// <param name="At">UTC, whole microseconds (what PostgreSQL keeps), never before the event before it.</param>
internal sealed record HistoryEvent(int Seq, int TaskId, HistoryEventKind Kind, string Name, string? Payload, DateTime At);
