using Iga.Callers;
using Iga.Connections;
using Iga.Emulators.Vertex;
using Iga.GoogleCloud;
using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Functions.Http;
using Iga.Models;
using Iga.Telemetry;
using Iga.Workflow;
using Npgsql;
using OpenTelemetry.Metrics;

namespace Iga.LocalHost.Host;

/// <content>How the app is put together.</content>
internal sealed partial class LocalService
{
    /// <summary>
    /// Builds the app once, only to have its code compiled while PostgreSQL's programs are waited for (0.2 s of a
    /// first start's 2.3). Nothing of it is started, and it talks to nobody.
    /// </summary>
    private static async Task CompileAsync(IConfiguration environment, HostConfiguration configuration)
    {
        await using var app = Build(environment, configuration, LogLevel.None, options => options, () => false);
        app.Services.GetServices<IHostedService>();
        app.Services.GetRequiredService<NpgsqlDataSource>();
        if (configuration.App.Telemetry.OtlpEndpoint is null)
        {
            app.Services.GetRequiredService<MeterProvider>(); // with an exporter it would export its end
        }

        if (configuration.Embedding.Vertex)
        {
            VertexEmulator.Rehearse();
        }
    }

    private static WebApplication Build(
        IConfiguration environment, HostConfiguration configuration, LogLevel? minimumLevel,
        Func<DurableTaskOptions, DurableTaskOptions> configureRuntime, Func<bool> hasStarted)
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

        // What keeps the service from starting is told by the program, in one sentence, and not before that with a stack trace.
        foreach (var category in (string[])["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"])
        {
            var least = minimumLevel ?? (configuration.Host.IsDebug ? LogLevel.Debug : LogLevel.Warning);
            builder.Logging.AddFilter(category, level => hasStarted() && level >= least);
        }

        // Signals are the command line's business, which ends what it has started.
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfTheProgram>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = LongestStop(configuration.Host));

        var app = configuration.App;
        builder.Services.AddRouting();
        builder.Services.AddIga(app);
        builder.Services.AddSingleton<WrongKeys>().AddSingleton<RefusedStrangers>();
        builder.Services.AddGcsOverRest();
        builder.Services.AddSingleton(new ModelConnections(configuration.Descriptors.Activities));
        builder.Services.AddSingleton<IVertexTransport, LeasedVertexTransport>();
        builder.Services.AddSingleton<ILiveTasks, LiveTasks>();
        builder.Services.AddSingleton<ITaskStates, InstanceTaskStates>();
        builder.Services.AddLocalFigures();
        builder.Services.AddHostedService(services => new FreedMemory(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddFunctions(
            FunctionCatalog.Of(typeof(IgaServices).Assembly),
            configureRuntime(configuration.HostJson.DurableTask with
            {
                MaxConcurrentActivityFunctions = configuration.Descriptors.Activities,
                HeartbeatConnectionString = app.Idempotency.ConnectionString,
                ShutdownGrace = configuration.Host.ShutdownGrace,
                CallerOf = ActivityCaller.Of,
            }));

        builder.WebHost.UseKestrelCore().UseSockets(FunctionServer.Configure).ConfigureKestrel(kestrel =>
        {
            FunctionServer.Configure(kestrel);
            (ConnectionTimeouts.OfService with { Idle = configuration.Host.KeepAlive }).Apply(kestrel.Limits);
            kestrel.Listen(configuration.Host.Address, configuration.Host.Port);
        });

        builder.Services.AddConnectionGate(services => new ConnectionGate(
            configuration.Descriptors.Connections, services.GetRequiredService<TimeProvider>(),
            ActivatorUtilities.CreateInstance<RefusedConnections>(services).Report));

        var built = builder.Build();
        built.UseConnectionGate();
        built.MapHttpFunctions(
            configuration.HostJson.RoutePrefix, built.Services.GetRequiredService<ApiKeys>(), configuration.Host.AllowedHosts);
        return built;
    }
}
