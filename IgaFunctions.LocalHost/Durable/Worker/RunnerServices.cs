using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Functions;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>What every <see cref="InstanceRunner"/> needs.</summary>
internal sealed record RunnerServices(
    FunctionCatalog Catalog,
    InstanceStore Store,
    ActivityRunner Activities,
    CompletionSignals Signals,
    DatabaseOutage Outage,
    DurableTaskOptions Options,
    TimeProvider Time,
    ILoggerFactory Loggers,
    ILogger<InstanceRunner> Logger,
    IServiceProvider Provider)
{
    /// <summary>Limits how many orchestrators execute code at once.</summary>
    public SemaphoreSlim OrchestratorSlots { get; } = new(Options.MaxConcurrentOrchestratorFunctions);
}
