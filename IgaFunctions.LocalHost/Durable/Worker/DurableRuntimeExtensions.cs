using Iga.LocalHost.Durable.Store;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>Adds the durable runtime to a host.</summary>
internal static class DurableRuntimeExtensions
{
    /// <summary>
    /// Adds what runs orchestrations. The host must offer the <see cref="IDurableFunctions"/>, and an <c>NpgsqlDataSource</c> for
    /// a database that has the runtime's tables.
    /// </summary>
    public static IServiceCollection AddDurableRuntime(this IServiceCollection services, DurableTaskOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton<InstanceStore>()
            .AddSingleton<InstanceQueries>()
            .AddSingleton<LeaseStore>()
            .AddSingleton<WorkerStore>()
            .AddSingleton<TimerStore>()
            .AddSingleton<WorkerLease>()
            .AddSingleton<PaidWork>()
            .AddSingleton<DatabaseOutage>()
            .AddSingleton<ActivityRunner>()
            .AddSingleton<RunnerServices>()
            .AddSingleton<InstanceRegistry>()
            .AddSingleton<Heartbeat>()
            .AddSingleton<Dispatcher>()
            .AddSingleton<DurableTaskClient, LocalDurableTaskClient>()
            .AddHostedService<DurableRuntime>();
    }
}
