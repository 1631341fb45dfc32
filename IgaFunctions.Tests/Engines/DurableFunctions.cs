using System.Text.Json;
using Iga.LocalHost.Functions;
using Iga.Tasks;

namespace Iga.Tests.Engines;

/// <summary>Registers the orchestrators and activities that have the attributes of Durable Functions.</summary>
internal static class DurableFunctions
{
    public static void AddFunctions(this DurableTaskRegistry registry, FunctionCatalog catalog)
    {
        foreach (var function in catalog.StartedBy(FunctionTrigger.Orchestration))
        {
            registry.AddOrchestrator(function.Name, new Orchestrator(function));
        }

        foreach (var function in catalog.StartedBy(FunctionTrigger.Activity))
        {
            registry.AddActivity(function.Name, services => new Activity(function, services));
        }
    }

    /// <summary>
    /// The engine wants to know the input's type beforehand, which the attribute does not tell: a task, in all of the app.
    /// </summary>
    private sealed class Orchestrator(FunctionDescriptor function) : TaskOrchestrator<ImageTask, object?>
    {
        public override Task<object?> RunAsync(TaskOrchestrationContext context, ImageTask input) =>
            function.InvokeAsync(new FunctionCall(null!, context, CancellationToken.None));
    }

    private sealed class Activity(FunctionDescriptor function, IServiceProvider services) : TaskActivity<JsonElement, object?>
    {
        public override Task<object?> RunAsync(TaskActivityContext context, JsonElement input) =>
            function.InvokeAsync(new FunctionCall(services, input.GetRawText(), CancellationToken.None));
    }
}
