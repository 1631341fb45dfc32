using Iga.Embedded;
using Npgsql;

namespace Iga.Tests.Fixtures;

/// <summary>A private PostgreSQL server in a temporary folder.</summary>
internal sealed class TestPostgres : IAsyncDisposable
{
    private readonly string _directory;
    private readonly EmbeddedPostgres _server;

    private TestPostgres(string directory, EmbeddedPostgres server) => (_directory, _server) = (directory, server);

    public static async Task<TestPostgres> StartAsync()
    {
        // Open to the unprivileged user that the server runs as when the tests run as root.
        var directory = Path.Combine(Path.GetTempPath(), $"iga-tests-{Guid.NewGuid():N}");
        Directory.CreateDirectory(directory);
        var options = new EmbeddedPostgresOptions
        {
            BaseDirectory = directory,
            MaxConnections = 400,
            // Lost with the machine, not with the process: good enough for a test, and faster.
            ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" },
        };
        return new TestPostgres(directory, await EmbeddedPostgres.StartAsync(options, CancellationToken.None));
    }

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Kills the server as a crash would and starts it again; connections break, commits stay.</summary>
    public Task RestartAsync() => _server.RestartAsync(immediate: true);

    public Task StopAsync() => _server.StopAsync(immediate: true);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
