using System.Net;
using Iga.Configuration;
using Iga.GenerateImage;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Functions.Http;
using Iga.LocalHost.Functions.Timers;
using Iga.LocalHost.Host;
using Iga.LocalHost.Migrations;
using Iga.Telemetry;
using Iga.Tests.OpenApi.Contract;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iga.Tests.Engines;

/// <summary>
/// The app on Microsoft's engine: its orchestrators and activities on the hub, its HTTP functions and its timer as the local host
/// runs them, its pictures staged in the hub's storage.
/// </summary>
internal sealed class RealEngine : IAsyncDisposable
{
    private readonly AzureTaskHub _hub;
    private readonly WebApplication _app;

    private RealEngine(AzureTaskHub hub, WebApplication app)
    {
        (_hub, _app) = (hub, app);
        Client = DocumentedAnswers.Client(Address);
    }

    public Uri Address => new(_app.Urls.Single());

    public HttpClient Client { get; }

    public DurableTaskClient Hub => _app.Services.GetRequiredService<DurableTaskClient>();

    /// <param name="configuration">The app's variables, AzureWebJobsStorage among them.</param>
    public static async Task<RealEngine> StartAsync(
        IConfiguration configuration, string worker = "worker", LogLevel minimumLevel = LogLevel.None)
    {
        var settings = new Settings(configuration);
        var options = IgaOptionsReader.Read(settings);
        settings.ThrowIfInvalid();
        var hub = await AzureTaskHub.StartAsync(options.Staging.BlobConnectionString!, worker, minimumLevel);
        var app = Build(configuration, options, hub, minimumLevel);
        try
        {
            await MigrationRunner.ApplyAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
            await app.StartAsync();
            return new RealEngine(hub, app);
        }
        catch
        {
            await app.DisposeAsync();
            await hub.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();

        // The hub last, so that it is told of what the app still finishes.
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _hub.DisposeAsync();
    }

    private static WebApplication Build(
        IConfiguration configuration, IgaOptions options, AzureTaskHub hub, LogLevel minimumLevel)
    {
        var catalog = FunctionCatalog.Of(typeof(IgaServices).Assembly);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddJsonLines().SetMinimumLevel(minimumLevel);
        builder.Services.AddRouting().AddIga(options).AddSingleton<RefusedStrangers>();
        builder.Services.AddSingleton(new StartLine(StartLine.OnAzureStorage, TimeProvider.System));
        builder.Services.AddDurableTaskWorker(
            worker => worker.UseGrpc(hub.Channel).AddTasks(tasks => tasks.AddFunctions(catalog)));
        builder.Services.AddDurableTaskClient(client => client.UseGrpc(hub.Channel).RegisterDirectly());
        builder.Services.AddSingleton(catalog)
            .AddSingleton<TimerStore>()
            .AddSingleton<WorkerStore>()
            .AddSingleton<DatabaseOutage>()
            .AddHostedService<TimerHost>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            FunctionServer.Configure(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var prefix = HostJson.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json"))).RoutePrefix;
        app.MapHttpFunctions(prefix, keys: null, allowedHosts: []);
        return app;
    }
}
