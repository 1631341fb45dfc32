using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Functions;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>Orchestrators and activities that both engines are given.</summary>
internal sealed class SmallFunctions : IDurableFunctions
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Func<string?, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Action<DurableTaskRegistry>> _registrations = [];

    public IReadOnlyCollection<string> Orchestrators => _orchestrators.Keys;

    /// <typeparam name="TInput">The real engine reads the input as this before it calls the code.</typeparam>
    public SmallFunctions Orchestrator<TInput>(string name, Func<TaskOrchestrationContext, Task<object?>> code)
    {
        _orchestrators.Add(name, code);
        _registrations.Add(registry => registry.AddOrchestratorFunc<TInput, object?>(name, (context, _) => code(context)));
        return this;
    }

    public SmallFunctions Activity<TInput>(string name, Func<TInput, Task<object?>> code)
    {
        _activities.Add(name, json => code((TInput)ActivityInput.Read(json, typeof(TInput))!));
        _registrations.Add(registry => registry.AddActivityFunc<TInput, object?>(name, (_, input) => code(input)));
        return this;
    }

    public void AddTo(DurableTaskRegistry registry) => _registrations.ForEach(register => register(registry));

    public Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    public Func<string?, CancellationToken, Task<object?>>? FindActivity(string name) =>
        _activities.GetValueOrDefault(name) is { } code ? (input, _) => code(input) : null;
}
