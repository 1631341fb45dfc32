using Iga.LocalHost.Durable.Worker;

namespace Iga.LocalHost.Functions.Orchestrations;

/// <summary>The catalog's orchestrators and activities, as the durable runtime calls them.</summary>
internal sealed class CatalogFunctions(FunctionCatalog catalog, IServiceProvider services, IServiceScopeFactory scopes)
    : IDurableFunctions
{
    public IReadOnlyCollection<string> Orchestrators { get; } =
        [.. catalog.StartedBy(FunctionTrigger.Orchestration).Select(function => function.Name)];

    public Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name) =>
        catalog.Find(FunctionTrigger.Orchestration, name) is { } function
            ? context => function.InvokeAsync(new(services, context, CancellationToken.None))
            : null;

    public Func<string?, CancellationToken, Task<object?>>? FindActivity(string name) =>
        catalog.Find(FunctionTrigger.Activity, name) is { } function
            ? (input, cancellationToken) => InvokeAsync(function, input, cancellationToken)
            : null;

    private async Task<object?> InvokeAsync(FunctionDescriptor function, string? input, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await function.InvokeAsync(new(scope.ServiceProvider, input, cancellationToken));
    }
}
