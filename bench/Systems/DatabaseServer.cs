using Iga.Embedded;
using Npgsql;

namespace Iga.Bench.Systems;

/// <summary>
/// The PostgreSQL that all systems use, one after the other, each with a fresh database. Its settings are PostgreSQL's own
/// defaults, with more connections: fsync and synchronous_commit are on.
/// </summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    private readonly EmbeddedPostgres _server;
    private int _made;

    private DatabaseServer(EmbeddedPostgres server) => _server = server;

    /// <summary>Where its programs are.</summary>
    public string Binaries => Path.GetDirectoryName(
        File.ResolveLinkTarget($"/proc/{_server.ProcessId}/exe", returnFinalTarget: true)!.FullName)!;

    public static async Task<DatabaseServer> StartAsync(string directory, CancellationToken cancellationToken) => new(
        await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                BaseDirectory = directory,
                MaxConnections = 400,
                ServerSettings = new Dictionary<string, string>
                {
                    ["shared_buffers"] = "128MB",
                    ["max_wal_size"] = "1GB",
                    ["wal_level"] = "replica",
                    ["jit"] = "on",
                },
            },
            cancellationToken));

    /// <returns>Npgsql's connection string of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"bench_{Interlocked.Increment(ref _made)}_{Guid.NewGuid().ToString("N")[..6]}";
        await ExecuteAsync($"create database {name}", cancellationToken);

        // What the last system left to be written is not to be written during the next one's turn.
        await ExecuteAsync("checkpoint", cancellationToken);
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    public Task DropDatabaseAsync(string connectionString) => ExecuteAsync(
        $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)", CancellationToken.None);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Pooling = false });
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
