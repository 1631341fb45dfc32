using Iga.LocalHost.Durable.Store;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>What every <see cref="InstanceRunner"/> needs.</summary>
internal sealed record RunnerServices(
    IDurableFunctions Functions,
    InstanceStore Store,
    ActivityRunner Activities,
    DatabaseOutage Outage,
    DurableTaskOptions Options,
    TimeProvider Time,
    ILoggerFactory Loggers,
    ILogger<InstanceRunner> Logger)
{
    /// <summary>Limits how many orchestrators execute code at once.</summary>
    public SemaphoreSlim OrchestratorSlots { get; } = new(Options.MaxConcurrentOrchestratorFunctions);
}
