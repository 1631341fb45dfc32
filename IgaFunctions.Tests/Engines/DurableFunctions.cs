using System.Text.Json;
using Iga.LocalHost.Functions;
using Iga.Tasks;
using Iga.Webhooks;

namespace Iga.Tests.Engines;

/// <summary>Registers the orchestrators and activities that have the attributes of Durable Functions.</summary>
internal static class DurableFunctions
{
    public static void AddFunctions(this DurableTaskRegistry registry, FunctionCatalog catalog)
    {
        foreach (var function in catalog.StartedBy(FunctionTrigger.Orchestration))
        {
            // The engine wants to know the input's type beforehand, which the attribute does not tell.
            registry.AddOrchestrator(
                function.Name, function.Name == WebhookRun.WorkflowName ? new Orchestrator<WebhookRun>(function) : new Orchestrator<ImageTask>(function));
        }

        foreach (var function in catalog.StartedBy(FunctionTrigger.Activity))
        {
            registry.AddActivity(function.Name, services => new Activity(function, services));
        }
    }

    private sealed class Orchestrator<T>(FunctionDescriptor function) : TaskOrchestrator<T, object?>
    {
        public override Task<object?> RunAsync(TaskOrchestrationContext context, T input) =>
            function.InvokeAsync(new FunctionCall(null!, context, CancellationToken.None));
    }

    private sealed class Activity(FunctionDescriptor function, IServiceProvider services) : TaskActivity<JsonElement, object?>
    {
        public override Task<object?> RunAsync(TaskActivityContext context, JsonElement input) =>
            function.InvokeAsync(new FunctionCall(services, input.GetRawText(), CancellationToken.None));
    }
}
