using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Functions.Orchestrations;
using Iga.LocalHost.Functions.Timers;

namespace Iga.LocalHost.Host;

/// <summary>Adds functions, and the durable runtime that runs them, to a host.</summary>
internal static class FunctionsExtensions
{
    /// <summary>
    /// Adds a catalog of functions with all that runs them but HTTP. The host must offer an <c>NpgsqlDataSource</c> for a
    /// database that has the runtime's tables.
    /// </summary>
    public static IServiceCollection AddFunctions(
        this IServiceCollection services, FunctionCatalog catalog, DurableTaskOptions options) => services
            .AddSingleton(catalog)
            .AddSingleton<IDurableFunctions, CatalogFunctions>()
            .AddDurableRuntime(options)
            .AddHostedService<TimerHost>();
}
