using Iga.Embedded;
using Iga.GoogleCloud;
using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Functions.Http;
using Iga.LocalHost.Migrations;
using Iga.Models;
using Iga.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Iga.LocalHost.Host;

/// <summary>The whole service in this process: what is embedded, the app, the durable runtime, Kestrel.</summary>
internal sealed class LocalService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalService(WebApplication app, HostConfiguration configuration, EmbeddedServices embedded) =>
        (_app, Configuration, Embedded) = (app, configuration, embedded);

    public HostConfiguration Configuration { get; }

    public EmbeddedServices Embedded { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IServiceProvider Services => _app.Services;

    /// <summary>Checks the configuration, starts what is embedded, applies the migrations, and serves.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="tell">Is told of what takes long.</param>
    /// <param name="minimumLevel">Below it nothing is logged; null is as the configuration says.</param>
    /// <param name="configureRuntime">For tests: another pace of the durable runtime.</param>
    public static async Task<LocalService> StartAsync(
        IConfiguration environment, Action<string> tell, CancellationToken cancellationToken,
        LogLevel? minimumLevel = null, Func<DurableTaskOptions, DurableTaskOptions>? configureRuntime = null)
    {
        var checkedBefore = HostConfiguration.Check(environment);
        var embedded = await EmbeddedServices.StartAsync(
            checkedBefore.Embedding, checkedBefore.LocalDirectory, tell, cancellationToken);
        WebApplication? app = null;
        try
        {
            var configuration = HostConfiguration.Read(environment, (_, settings) => embedded.Overlay(settings));
            configuration = configuration with { App = await configuration.App.DetectPoolerAsync(cancellationToken) };
            app = Build(environment, configuration, minimumLevel, configureRuntime ?? (options => options));
            await MigrationRunner.ApplyAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
            await app.StartAsync(cancellationToken);
            return new LocalService(app, configuration, embedded);
        }
        catch
        {
            if (app is not null)
            {
                // Some of it may run already, and hands back what it took.
                await app.StopAsync(CancellationToken.None);
                await app.DisposeAsync();
            }

            await embedded.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves until the process is told to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Embedded.DisposeAsync();
    }

    private static WebApplication Build(
        IConfiguration environment, HostConfiguration configuration, LogLevel? minimumLevel,
        Func<DurableTaskOptions, DurableTaskOptions> configureRuntime)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(environment);
        builder.Logging.AddJsonLines();
        builder.Logging.SetMinimumLevel(minimumLevel ?? (configuration.Host.IsDebug ? LogLevel.Debug : LogLevel.Information));
        if (minimumLevel is null)
        {
            // Its lines hold the addresses that were asked for, and callers may send their key in the query. Not one level is
            // left, since for one it begins an activity and a scope with each request (bench, polls: 1.09 × without).
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
            if (!configuration.Host.IsDebug)
            {
                builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
            }
        }

        // A process that is told to stop is gone after 10 s; the runtime takes up to 5 of them to finish what runs.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(9));

        var hostJson = HostJson.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        var app = configuration.App;
        builder.Services.AddRouting();
        builder.Services.AddIga(app);
        builder.Services.AddGcsOverRest();
        builder.Services.AddSingleton<IVertexTransport, LeasedVertexTransport>();
        builder.Services.AddFunctions(
            FunctionCatalog.Of(typeof(IgaServices).Assembly),
            configureRuntime(hostJson.DurableTask with { HeartbeatConnectionString = app.Idempotency.ConnectionString }));

        builder.WebHost.UseKestrelCore().UseSockets(FunctionServer.Configure).ConfigureKestrel(kestrel =>
        {
            FunctionServer.Configure(kestrel);
            kestrel.Listen(configuration.Host.Address, configuration.Host.Port);
        });

        var built = builder.Build();
        built.MapHttpFunctions(new HttpFunctionOptions(hostJson.RoutePrefix, [.. configuration.Host.ApiKeys]));
        return built;
    }
}
