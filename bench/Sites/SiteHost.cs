using System.Diagnostics;
using Npgsql;

namespace Iga.Bench.Sites;

/// <summary>One of a site's local hosts, with a model and a way to the database of its own. It can run again and again.</summary>
internal sealed class SiteHost : IAsyncDisposable
{
    private const int MostStarts = 30;

    private readonly Site _site;
    private readonly int _number;
    private readonly string _connectionString;
    private readonly int? _modelConcurrency;
    private HostProcess? _process;
    private HostRun? _run;
    private volatile Uri? _address;

    private SiteHost(
        Site site, int number, string connectionString, int? modelConcurrency, TcpProxy network, MeteredModel model) =>
        (_site, _number, _connectionString, _modelConcurrency, Network, Model) =
            (site, number, connectionString, modelConcurrency, network, model);

    /// <summary>Between the host and its database.</summary>
    public TcpProxy Network { get; }

    public MeteredModel Model { get; }

    /// <summary>How long it waits when it is told to stop; counts from its next start on.</summary>
    public required TimeSpan ShutdownGrace { get; set; }

    /// <summary>Where it serves; null while it does not.</summary>
    public Uri? Address => _address;

    /// <summary>Whether its process has ended by itself or was ended.</summary>
    public bool HasExited => _address is null || _process!.HasExited;

    /// <summary>The run that goes on, or the last one.</summary>
    public HostRun Run => _run ?? throw new InvalidOperationException("The host was never started.");

    public static async Task<SiteHost> CreateAsync(
        Site site, int number, string connectionString, SiteOptions options, CancellationToken cancellationToken)
    {
        var network = new TcpProxy(new NpgsqlConnectionStringBuilder(connectionString).Port);
        var model = await MeteredModel.StartAsync(cancellationToken);
        model.Pace = options.ModelPace;
        return new SiteHost(site, number, connectionString, options.ModelConcurrency, network, model)
        {
            ShutdownGrace = options.ShutdownGrace,
        };
    }

    /// <summary>Starts it until it serves, as a supervisor does: it exits when its database is away at the start.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var run = new HostRun(_number, (_run?.Number ?? 0) + 1);
            _run = Model.Caller = run;
            try
            {
                (_process, _address) = await HostProcess.StartAsync(
                    Variables(), Path.Combine(_site.LogDirectory, $"host-{run}"), run.NoteLogLine, cancellationToken);
                return;
            }
            catch (InvalidOperationException) when (attempt < MostStarts)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }

    /// <summary>kill -9, and a look at what was in flight.</summary>
    public async Task KillAsync()
    {
        _address = null;
        await _process!.KillAsync();
        NoteCutOff(wasKilled: true);
        _process.Dispose();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code and how long it took.</returns>
    /// <exception cref="TimeoutException">It still ran after that time.</exception>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync(TimeSpan timeout)
    {
        _address = null;
        var started = Stopwatch.GetTimestamp();
        var exitCode = await _process!.TerminateAsync(timeout);
        NoteCutOff(wasKilled: false);
        _process.Dispose();
        return (exitCode, Stopwatch.GetElapsedTime(started));
    }

    private void NoteCutOff(bool wasKilled) =>
        Run.CutOff = new CutOff(DateTimeOffset.UtcNow, wasKilled, _site.StagedFiles.ToHashSet());

    public async ValueTask DisposeAsync()
    {
        _address = null;
        _process?.Dispose();
        await Network.DisposeAsync();
        await Model.DisposeAsync();
    }

    private Dictionary<string, string?> Variables()
    {
        var database = new NpgsqlConnectionStringBuilder(_connectionString);
        return new()
        {
            ["IGA_EMBEDDED"] = "false",
            ["IGA_PORT"] = "0",
            ["IGA_VERTEX_ENDPOINT"] = Model.Emulator.Address.ToString(),
            // No call here takes so long, unless the machine is busy with something else.
            ["IGA_MODEL_TIMEOUT_SECONDS"] = "60",
            ["IGA_SHUTDOWN_GRACE_SECONDS"] = FormattableString.Invariant($"{ShutdownGrace.TotalSeconds}"),
            ["IGA_MODEL_MAX_CONCURRENCY"] = $"{_modelConcurrency}",
            ["STORAGE_EMULATOR_HOST"] = _site.Gcs.Address.ToString(),
            ["GCS_BUCKET_NAME"] = Site.Bucket,
            ["IGA_GCS_IMAGE_PREFIX"] = Site.Prefix,
            ["IGA_STAGING_DIR"] = _site.StagingDirectory,
            ["POSTGRES_HOST"] = "127.0.0.1",
            ["POSTGRES_PORT"] = $"{Network.Port}",
            ["POSTGRES_USER"] = database.Username,
            ["POSTGRES_PASSWORD"] = database.Password,
            ["POSTGRES_DB"] = database.Database,
        };
    }
}
