using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Host;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iga.Tests.Durable;

/// <summary>One process's worth of durable runtime, without a process.</summary>
internal sealed class TestRuntime : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private TestRuntime(IHost host, LogCapture logs)
    {
        _host = host;
        Logs = logs;
    }

    /// <summary>Short leases, so that takeovers take tests no time.</summary>
    public static DurableTaskOptions Options { get; } = new()
    {
        LeaseDuration = TimeSpan.FromSeconds(3),
        HeartbeatInterval = TimeSpan.FromMilliseconds(400),
        PollInterval = TimeSpan.FromMilliseconds(100),
        ShutdownGrace = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>A process that registers and is never heard of again, though it lives: the worst kind of dead.</summary>
    public static DurableTaskOptions Zombie { get; } = Options with { HeartbeatInterval = Timeout.InfiniteTimeSpan };

    public DurableTaskClient Client => _host.Services.GetRequiredService<DurableTaskClient>();

    public LogCapture Logs { get; }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static Task<TestRuntime> StartAsync(
        string connectionString, DurableTaskOptions? options, object state, params Type[] functions) => StartAsync(
            connectionString, options, (services, own) => services
                .AddSingleton(state.GetType(), state)
                .AddFunctions(new FunctionCatalog(functions), own));

    /// <param name="add">Adds functions and the runtime with the options that it is given.</param>
    public static async Task<TestRuntime> StartAsync(
        string connectionString, DurableTaskOptions? options, Action<IServiceCollection, DurableTaskOptions> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        LogCapture logs = new();
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString + ";Maximum Pool Size=20"));
        add(builder.Services, (options ?? Options) with { HeartbeatConnectionString = connectionString + ";Pooling=false" });
        TestRuntime runtime = new(builder.Build(), logs);
        await runtime._host.StartAsync();
        await Eventually.Async(() => runtime.Get<WorkerLease>().Current is not null);
        return runtime;
    }

    /// <summary>The end of an instance, or a timeout.</summary>
    public async Task<OrchestrationMetadata> EndOfAsync(string id)
    {
        await Eventually.Async(async () => (await Client.GetInstanceAsync(id))?.IsCompleted == true);
        return (await Client.GetInstanceAsync(id, getInputsAndOutputs: true))!;
    }

    public Task StopAsync()
    {
        _stopped = true;
        return _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await StopAsync();
        }

        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
