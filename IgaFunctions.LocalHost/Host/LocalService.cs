using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Migrations;
using Iga.Staging;
using Iga.Waiting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Iga.LocalHost.Host;

/// <summary>The whole service in this process: what is embedded, the app, the durable runtime, Kestrel.</summary>
internal sealed partial class LocalService : IAsyncDisposable
{
    /// <summary>For all that is stopped after the durable runtime: the server's last answers, and the lines and figures on their way.</summary>
    private static readonly TimeSpan StopOfTheRest = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly Action<string> _tell;
    private bool _isStopped;

    private LocalService(WebApplication app, HostConfiguration configuration, EmbeddedServices embedded, Action<string> tell) =>
        (_app, Configuration, Embedded, _tell) = (app, configuration, embedded, tell);

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
        ListeningPort.Check(checkedBefore.Host.Address, checkedBefore.Host.Port);
        var compiled = checkedBefore.Embedding.Postgres
            ? Task.Run(() => CompileAsync(environment, checkedBefore), CancellationToken.None)
            : Task.CompletedTask;
        var google = await checkedBefore.App.FindGoogleCredentialsAsync(cancellationToken);
        var embedded = await EmbeddedServices.StartAsync(
            checkedBefore.Embedding, checkedBefore.LocalDirectory, checkedBefore.Descriptors.EmulatorConnections, tell, cancellationToken);
        WebApplication? app = null;
        var hasStarted = false;
        try
        {
            var configuration = HostConfiguration.Read(environment, (_, settings) => embedded.Overlay(settings));
            configuration = configuration with
            {
                App = await (configuration.App with { Notices = google.Notices }).DetectPoolerAsync(cancellationToken),
            };
            app = Build(environment, configuration, minimumLevel, configureRuntime ?? (options => options), () => hasStarted);
            app.Services.GetRequiredService<IImageStaging>(); // a folder that it may not use is told now, and not by the first task
            await MigrationRunner.ApplyAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
            await StartAsync(app, configuration.Host, cancellationToken);
            await compiled;
            hasStarted = true;
            return new LocalService(app, configuration, embedded, tell);
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

    /// <summary>After so long a stop has ended, whatever holds it up.</summary>
    public static TimeSpan LongestStop(LocalHostOptions options) =>
        options.ShutdownGrace + DurableRuntime.StopOverhead + StopOfTheRest;

    /// <summary>Serves until it is told to stop, or can't go on.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _app.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops when the calls of the model that are under way have ended, and says so if it has to wait for them.</summary>
    /// <param name="atOnce">Waits no longer: what is under way then is cut off.</param>
    public async Task StopAsync(CancellationToken atOnce = default)
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        var paid = Services.GetRequiredService<PaidWork>();
        paid.Close();
        Services.GetRequiredService<EarlyStop>().Begin(); // callers are not kept waiting while the host does
        if (paid.Count is > 0 and var count)
        {
            _tell($"Waiting for {count} {(count == 1 ? "picture" : "pictures")} under way, up to "
                + $"{Configuration.Host.ShutdownGrace.TotalSeconds:0} s; Ctrl+C now stops at once.");
        }

        await _app.StopAsync(atOnce);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();

        // Last of all: until then pictures are on their way from and to them.
        await Embedded.DisposeAsync();
    }

    private static async Task StartAsync(WebApplication app, LocalHostOptions host, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw ListeningPort.Taken(host.Address, host.Port); // by a program that came since it was looked at
        }
    }
}
