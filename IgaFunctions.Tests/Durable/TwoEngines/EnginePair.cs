using Iga.LocalHost.Durable.Worker;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>The local runtime and the real engine side by side, with the same functions.</summary>
public sealed class EnginePair : IAsyncLifetime
{
    private readonly TestDatabase _database = new();
    private TestRuntime _local = null!;
    private RealEngine _real = null!;

    internal Scene Scene { get; } = new();

    internal DurableTaskClient Local => _local.Client;

    internal DurableTaskClient Real => _real.Client;

    /// <summary>Both clients, the local one first.</summary>
    internal IReadOnlyList<DurableTaskClient> Both => [Local, Real];

    public async ValueTask InitializeAsync()
    {
        var functions = SmallOrchestrations.All(Scene);
        await _database.InitializeAsync();
        _local = await TestRuntime.StartAsync(
            _database.ConnectionString, null,
            (services, options) => services.AddSingleton<IDurableFunctions>(functions).AddDurableRuntime(options));
        _real = await RealEngine.StartAsync(functions);
    }

    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
        await _real.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Runs an orchestration to its end on both engines.</summary>
    internal async Task<(OrchestrationMetadata Local, OrchestrationMetadata Real)> RunAsync(string name, object? input = null) =>
        (await RunAsync(Local, name, input), await RunAsync(Real, name, input));

    /// <summary>Runs an orchestration on both engines, and finds that whoever reads its end reads the same.</summary>
    /// <returns>What both show.</returns>
    internal async Task<Seen> AssertSameAsync(string name, object? input = null)
    {
        var (local, real) = await RunAsync(name, input);
        Assert.Equal(Seen.In(real), Seen.In(local));
        return Seen.In(local);
    }

    internal static async Task<OrchestrationMetadata> EndOfAsync(DurableTaskClient client, string id)
    {
        await Eventually.Async(async () => (await client.GetInstanceAsync(id))?.IsCompleted == true);
        return (await client.GetInstanceAsync(id, getInputsAndOutputs: true))!;
    }

    private static async Task<OrchestrationMetadata> RunAsync(DurableTaskClient client, string name, object? input) =>
        await EndOfAsync(client, await client.ScheduleNewOrchestrationInstanceAsync(name, input));
}
