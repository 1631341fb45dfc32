using DurableTask.AzureStorage;
using DurableTask.Core;
using Grpc.Net.Client;
using Iga.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Engines;

/// <summary>
/// Microsoft's engine with its Azure Storage back end, and the gRPC service by which the Functions host offers it to an app.
/// What host.json says of it is read from there; the rest is as the Functions host's extension sets it.
/// </summary>
internal sealed class AzureTaskHub : IAsyncDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly WebApplication _server;

    private AzureTaskHub(WebApplication server)
    {
        _server = server;
        Channel = GrpcChannel.ForAddress(server.Urls.Single());
    }

    public GrpcChannel Channel { get; }

    /// <param name="worker">
    /// Names this process to the others on the hub. Under the name of one that died it takes over at once the part of the hub that
    /// was that one's.
    /// </param>
    public static async Task<AzureTaskHub> StartAsync(string storage, string worker, LogLevel minimumLevel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddJsonLines().SetMinimumLevel(minimumLevel);
        builder.Services.AddRouting().AddGrpc();
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(provider =>
                new AzureStorageOrchestrationService(SettingsFor(storage, worker, provider.GetRequiredService<ILoggerFactory>())))
            .AddSingleton<IOrchestrationService>(provider => provider.GetRequiredService<AzureStorageOrchestrationService>())
            .AddSingleton<IOrchestrationServiceClient>(
                provider => provider.GetRequiredService<AzureStorageOrchestrationService>())
            .AddSingleton<TaskHubGrpcServer>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var server = builder.Build();
        server.MapGrpcService<TaskHubGrpcServer>();
        try
        {
            await server.Services.GetRequiredService<AzureStorageOrchestrationService>().CreateIfNotExistsAsync();
            await server.StartAsync();
            return new AzureTaskHub(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();

        // While its storage is there. What the server's own stop begins is awaited by nobody, and where steps are still under way it ends
        // ten minutes later in an exception; the engine stops but once.
        var engine = _server.Services.GetRequiredService<AzureStorageOrchestrationService>();
        await engine.StopAsync(isForced: true).WaitAsync(LongestStop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static AzureStorageOrchestrationServiceSettings SettingsFor(string storage, string worker, ILoggerFactory loggers)
    {
        var hub = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json")).Build()
            .GetRequiredSection("extensions:durableTask");
        var provider = hub.GetRequiredSection("storageProvider");
        return new AzureStorageOrchestrationServiceSettings
        {
            StorageAccountClientProvider = new StorageAccountClientProvider(storage),
            WorkerId = worker,
            LoggerFactory = loggers,
            ThrowExceptionOnInvalidDedupeStatus = true,
            TaskHubName = "IgaHub",
            MaxConcurrentTaskActivityWorkItems = Value<int>(hub, "maxConcurrentActivityFunctions"),
            MaxConcurrentTaskOrchestrationWorkItems = Value<int>(hub, "maxConcurrentOrchestratorFunctions"),
            PartitionCount = Value<int>(provider, "partitionCount"),
            MaxQueuePollingInterval = Value<TimeSpan>(provider, "maxQueuePollingInterval"),
            ControlQueueVisibilityTimeout = Value<TimeSpan>(provider, "controlQueueVisibilityTimeout"),
            WorkItemQueueVisibilityTimeout = Value<TimeSpan>(provider, "workItemQueueVisibilityTimeout"),
        };
    }

    private static T Value<T>(IConfiguration section, string name) => section.GetValue<T>(name)
        ?? throw new InvalidOperationException($"host.json has no {name}.");
}
