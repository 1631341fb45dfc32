using System.Globalization;

namespace Iga.Embedded;

/// <summary>
/// A private PostgreSQL cluster for whoever has configured none. All host processes that have the same base directory share
/// one server: the first starts it, the last one to leave stops it. A host that is killed leaves it running, and the next
/// one takes it over.
/// </summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    // Longer than any start or stop that another process may be busy with.
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(2);

    private readonly EmbeddedPostgresOptions _options;
    private readonly ClusterHome _home;
    private readonly PostgresServer _server;
    private readonly string _password;
    private FileLock? _use;

    private EmbeddedPostgres(
        EmbeddedPostgresOptions options, ClusterHome home, PostgresServer server, string password, int port, bool wasRunning,
        FileLock use)
    {
        (_options, _home, _server, _password, _use) = (options, home, server, password, use);
        (Port, WasRunning) = (port, wasRunning);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Whether the server ran already when this host came.</summary>
    public bool WasRunning { get; }

    /// <summary>Npgsql's connection string, of the cluster's superuser.</summary>
    public string ConnectionString => PostgresConnection.Describe(Port, _password);

    /// <summary>The cluster's data directory, an absolute path.</summary>
    public string DataDirectory => _home.Data;

    /// <summary>The id of the server's main process, or null when none runs.</summary>
    public int? ProcessId => PostmasterFile.Read(_home.Data)?.ProcessId;

    /// <summary>Starts the server, or joins the one that runs; sets up the cluster the first time.</summary>
    /// <exception cref="EmbeddedServiceException">It can't be; the message says why and what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options, CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new EmbeddedServiceException(
                "The embedded PostgreSQL runs on Linux and macOS. Set POSTGRES_HOST (and POSTGRES_PORT, ...) to use another.");
        }

        try
        {
            var home = await ClusterHome.OpenAsync(options, cancellationToken);
            using var gate = await EnterAsync(home, cancellationToken);
            return await StartAsync(options, home, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new EmbeddedServiceException(
                $"The embedded PostgreSQL can't use the folder {Path.GetFullPath(options.BaseDirectory)}: {exception.Message}\n"
                + "Make it writable for this user (it may have been created by another one), set IGA_LOCAL_DIR to a folder "
                + "that is, or set POSTGRES_HOST (and POSTGRES_PORT, ...) to use another PostgreSQL.", exception);
        }
    }

    /// <summary>Stops the server, whoever else uses it.</summary>
    /// <param name="immediate">As if it had crashed: the next start recovers.</param>
    /// <exception cref="EmbeddedServiceException">It did not stop.</exception>
    public async Task StopAsync(bool immediate = false, CancellationToken cancellationToken = default)
    {
        using var gate = await EnterAsync(_home, cancellationToken);
        await StopServerAsync(immediate);
    }

    /// <summary>Stops the server and starts it again on the same port.</summary>
    /// <param name="immediate">As if it had crashed: the start recovers.</param>
    /// <exception cref="EmbeddedServiceException">It did not stop, or did not start.</exception>
    public async Task RestartAsync(bool immediate = false, CancellationToken cancellationToken = default)
    {
        using var gate = await EnterAsync(_home, cancellationToken);
        await StopServerAsync(immediate);
        var binaries = await FindBinariesAsync(_options, _home, cancellationToken);
        await _server.StartAsync(binaries, _password, Port, onlyThatPort: true, cancellationToken);
    }

    /// <summary>Leaves the server, and stops it when nobody else uses it. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _use, null) is not { } use)
        {
            return;
        }

        try
        {
            using var gate = await EnterAsync(_home, CancellationToken.None);
            use.Dispose();
            using var last = FileLock.TryExclusive(_home.UsersLock);
            if (last is not null)
            {
                await StopServerAsync(immediate: false);
            }
        }
        catch (Exception exception) when (exception is EmbeddedServiceException or IOException or UnauthorizedAccessException)
        {
            _options.Tell($"The embedded PostgreSQL was left as it is: {exception.Message}");
        }
        finally
        {
            use.Dispose();
        }
    }

    private static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options, ClusterHome home, CancellationToken cancellationToken)
    {
        if (home.HasCluster) // made by another process since its owner was looked up, or long ago: its owner runs it
        {
            home = home with { Account = await ServerAccount.ForAsync(home.Data, cancellationToken) };
        }

        var use = FileLock.TryShared(home.UsersLock) ?? throw Stuck(home.UsersLock);
        try
        {
            var server = new PostgresServer(options, home);
            PostgresBinaries? binaries = null;
            if (!home.HasCluster)
            {
                binaries = await FindBinariesAsync(options, home, cancellationToken);
                options.Tell($"Setting up PostgreSQL {binaries.Version} in {home.Data} ...");
                await new ClusterInitializer(options, home).CreateAsync(binaries, cancellationToken);
            }

            var password = (await File.ReadAllTextAsync(home.PasswordFile, cancellationToken)).Trim();
            if (await server.FindAsync(password, cancellationToken) is { } running)
            {
                return new EmbeddedPostgres(options, home, server, password, running, wasRunning: true, use);
            }

            if (binaries is null)
            {
                binaries = await FindBinariesAsync(options, home, cancellationToken);
                options.Tell($"Starting PostgreSQL {binaries.Version} ...");
            }

            var port = await server.StartAsync(binaries, password, LastPort(home), onlyThatPort: false, cancellationToken);
            return new EmbeddedPostgres(options, home, server, password, port, wasRunning: false, use);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    private async Task StopServerAsync(bool immediate)
    {
        if (!await _server.StopAsync(immediate))
        {
            throw new EmbeddedServiceException(
                $"The server (process {ProcessId}) did not stop within {_options.StopTimeout.TotalSeconds:0} s. "
                + $"Its log is {_home.Log}.");
        }
    }

    private static async Task<PostgresBinaries> FindBinariesAsync(
        EmbeddedPostgresOptions options, ClusterHome home, CancellationToken cancellationToken)
    {
        int? version = null;
        if (home.HasCluster)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(home.Data, "PG_VERSION"), cancellationToken);
            version = int.Parse(text, CultureInfo.InvariantCulture);
        }

        return await new PostgresBinaryFinder(options, home).FindAsync(version, cancellationToken);
    }

    private static int? LastPort(ClusterHome home) =>
        File.Exists(home.PortFile) && int.TryParse(File.ReadAllText(home.PortFile), CultureInfo.InvariantCulture, out var port)
            ? port
            : null;

    private static async Task<FileLock> EnterAsync(ClusterHome home, CancellationToken cancellationToken) =>
        await FileLock.ExclusiveAsync(home.StartLock, LockTimeout, cancellationToken) ?? throw Stuck(home.StartLock);

    private static EmbeddedServiceException Stuck(string file) => new(
        "Another process has been starting or stopping the embedded PostgreSQL for more than "
        + $"{LockTimeout.TotalMinutes:0} minutes: it holds {file} (fuser {file} tells which one). Stop it and start again.");
}
