using Iga.Embedded;
using Iga.Emulators.Storage;
using Npgsql;

namespace Iga.Bench.Sites;

/// <summary>
/// A whole installation to break: some local hosts as processes of their own, which share a database, a bucket and a
/// staging directory; between each host and the database a network that can fail.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Bucket = "site-bucket";
    public const string Prefix = "images/iga/";

    // Crash recovery on a busy machine.
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromMinutes(3);

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"iga-site-{Guid.NewGuid():N}");
    private readonly List<SiteHost> _hosts = [];

    private Site()
    {
    }

    /// <summary>Null when the database was given.</summary>
    public EmbeddedPostgres? Postgres { get; private set; }

    /// <summary>Leads to the database directly, past the network that can fail.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    public GcsEmulator Gcs { get; private set; } = null!;

    public IReadOnlyList<SiteHost> Hosts => _hosts;

    public string StagingDirectory => Path.Combine(_directory, "staging");

    /// <summary>The logs of the hosts, one pair of files a run.</summary>
    public string LogDirectory => Path.Combine(_directory, "logs");

    /// <summary>Whether the logs are kept when the site is disposed of.</summary>
    public bool KeepsLogs { get; set; }

    /// <summary>
    /// The names of the files that are staged: whole pictures by their task ids, parts of pictures by longer names. Not those
    /// that wait for another picture.
    /// </summary>
    public IEnumerable<string> StagedFiles => Directory.EnumerateFiles(StagingDirectory, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "spare").Select(file => Path.GetFileName(file));

    /// <summary>Sets everything up and starts all hosts.</summary>
    public static async Task<Site> StartAsync(SiteOptions options, CancellationToken cancellationToken = default)
    {
        var site = new Site();
        try
        {
            await site.SetUpAsync(options, cancellationToken);
            await Task.WhenAll(site._hosts.Select(host => host.StartAsync(cancellationToken)));
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        foreach (var part in new IAsyncDisposable?[] { Gcs, Database, Postgres })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        foreach (var folder in Directory.EnumerateDirectories(_directory).Where(f => !KeepsLogs || f != LogDirectory).ToArray())
        {
            Directory.Delete(folder, recursive: true);
        }

        if (!KeepsLogs)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task SetUpAsync(SiteOptions options, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(StagingDirectory);
        Directory.CreateDirectory(LogDirectory);
        Gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Bucket] }, cancellationToken);
        var connectionString = options.ConnectionString;
        if (connectionString is null)
        {
            Postgres = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions
                {
                    BaseDirectory = _directory,
                    MaxConnections = 200,
                    // What is lost without it is lost with the machine, not with the process, and only processes crash here.
                    ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" },
                    StartTimeout = ServerTimeout,
                    StopTimeout = ServerTimeout,
                },
                cancellationToken);
            connectionString = Postgres.ConnectionString;
        }

        // No pool: a server that crashed has left broken connections in it.
        Database = NpgsqlDataSource.Create($"{connectionString};Pooling=false");
        for (var number = 1; number <= options.Hosts; number++)
        {
            _hosts.Add(await SiteHost.CreateAsync(this, number, connectionString, options, cancellationToken));
        }
    }
}
