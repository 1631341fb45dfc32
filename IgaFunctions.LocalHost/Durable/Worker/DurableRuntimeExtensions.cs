using System.Reflection;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Functions.Timers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>Adds the durable runtime to a host.</summary>
internal static class DurableRuntimeExtensions
{
    /// <summary>
    /// Adds the functions of an assembly and what runs them. The host must offer an <c>NpgsqlDataSource</c> for a database that
    /// has the runtime's tables.
    /// </summary>
    /// <exception cref="InvalidFunctionException">A function can't be run as it is declared.</exception>
    public static IServiceCollection AddDurableRuntime(
        this IServiceCollection services, DurableTaskOptions options, Assembly functions) =>
        services.AddDurableRuntime(options, FunctionCatalog.Of(functions));

    public static IServiceCollection AddDurableRuntime(
        this IServiceCollection services, DurableTaskOptions options, FunctionCatalog functions)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton(functions)
            .AddSingleton<InstanceStore>()
            .AddSingleton<InstanceQueries>()
            .AddSingleton<LeaseStore>()
            .AddSingleton<TimerStore>()
            .AddSingleton<WorkerLease>()
            .AddSingleton<CompletionSignals>()
            .AddSingleton<DatabaseOutage>()
            .AddSingleton<ActivityRunner>()
            .AddSingleton<RunnerServices>()
            .AddSingleton<InstanceRegistry>()
            .AddSingleton<PendingInstances>()
            .AddSingleton<Heartbeat>()
            .AddSingleton<Dispatcher>()
            .AddSingleton<DurableTaskClient, LocalDurableTaskClient>()
            .AddHostedService<DurableRuntime>()
            .AddHostedService<TimerHost>();
    }
}
