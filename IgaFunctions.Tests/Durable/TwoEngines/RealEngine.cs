using System.Net;
using DurableTask.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>Microsoft's own engine, in memory: its hub behind gRPC on loopback, and a worker and a client of it.</summary>
internal sealed class RealEngine : IAsyncDisposable
{
    private readonly WebApplication _hub;
    private readonly GrpcChannel _channel;
    private readonly IHost _worker;

    private RealEngine(WebApplication hub, GrpcChannel channel, IHost worker) => (_hub, _channel, _worker) = (hub, channel, worker);

    public DurableTaskClient Client => _worker.Services.GetRequiredService<DurableTaskClient>();

    public static async Task<RealEngine> StartAsync(SmallFunctions functions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        InMemoryOrchestrationService store = new();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<IOrchestrationService>(store)
            .AddSingleton<IOrchestrationServiceClient>(store)
            .AddSingleton<TaskHubGrpcServer>();
        var hub = builder.Build();
        hub.MapGrpcService<TaskHubGrpcServer>();
        await hub.StartAsync();

        var channel = GrpcChannel.ForAddress(hub.Urls.Single());
        var worker = Host.CreateEmptyApplicationBuilder(null);
        worker.Services.AddDurableTaskWorker(durable => durable.UseGrpc(channel).AddTasks(functions.AddTo));

        // As in the Functions worker, whose ids that start with '@' are entities'.
        worker.Services.AddDurableTaskClient(durable =>
            durable.UseGrpc(channel).Configure(options => options.EnableEntitySupport = true).RegisterDirectly());
        RealEngine engine = new(hub, channel, worker.Build());
        await engine._worker.StartAsync();
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync();
        _worker.Dispose();
        await _channel.ShutdownAsync();
        _channel.Dispose();
        await _hub.DisposeAsync();
    }
}
