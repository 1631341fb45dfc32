namespace Iga.LocalHost.Durable.Worker;

/// <summary>The code that the runtime runs: orchestrators and activities, found by name without regard to case.</summary>
internal interface IDurableFunctions
{
    IReadOnlyCollection<string> Orchestrators { get; }

    Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name);

    /// <returns>What takes the activity's input as JSON and returns its result; null if there is no such activity.</returns>
    Func<string?, CancellationToken, Task<object?>>? FindActivity(string name);
}
