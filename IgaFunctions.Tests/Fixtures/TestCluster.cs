using Iga.LocalHost.Embedded;
using Iga.Tests.Fixtures;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace Iga.Tests.Fixtures;

/// <summary>The tests' own PostgreSQL: one server for the whole run, a database for whoever asks.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    // Open to the unprivileged user that the server runs as when the tests run as root.
    private readonly string _directory = Directory.CreateDirectory(
        Path.Combine(Path.GetTempPath(), $"iga-tests-{Guid.NewGuid():N}")).FullName;

    private EmbeddedPostgres _postgres = null!;
    private int _databases;

    public async ValueTask InitializeAsync() => _postgres = await EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions
        {
            BaseDirectory = _directory,
            MaxConnections = 400,
            // Lost with the machine, not with the process: good enough for a test, and faster.
            ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" },
        },
        CancellationToken.None);

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString);
        await connection.OpenAsync();
        await using (var command = new NpgsqlCommand($"create database {name}", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        return new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name, Pooling = true }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
