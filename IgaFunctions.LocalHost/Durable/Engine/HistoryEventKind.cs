namespace Iga.LocalHost.Durable.Engine;

/// <summary>What an orchestrator was told.</summary>
internal enum HistoryEventKind
{
    /// <summary>An activity returned; the payload is its result as JSON.</summary>
    Completed,

    /// <summary>An activity threw; the payload is its <see cref="TaskFailureDetails"/>.</summary>
    Failed,

    /// <summary>A timer fired.</summary>
    Fired,
}
