namespace Iga.Tests.Durable;

/// <summary>How an instance with an id of its own is started: once, ever.</summary>
internal static class Once
{
    public static StartOrchestrationOptions As(string instanceId) => new StartOrchestrationOptions(instanceId)
        .WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
}
