using Npgsql;

namespace Iga.Tests.Runtime;

/// <summary>A fresh database with the runtime's tables, in a cluster that all tests share.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private static readonly Lazy<Task<TestCluster>> Shared = new(StartSharedAsync);

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync() => ConnectionString = await CreateAsync(await Shared.Value);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A connection string for a new database with the runtime's tables.</summary>
    internal static async Task<string> CreateAsync(TestCluster cluster)
    {
        var name = $"t{Guid.NewGuid():N}";
        await ExecuteAsync(cluster.ConnectionString, $"create database {name}");
        var connection = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name }.ConnectionString;
        await ExecuteAsync(connection, await MigrationAsync());
        return connection;
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task<T> ReadAsync<T>(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> MigrationAsync()
    {
        var assembly = typeof(TaskName).Assembly;
        await using var resource = assembly.GetManifestResourceStream("migrations/002_durable_runtime.sql")!;
        using StreamReader reader = new(resource);
        return await reader.ReadToEndAsync();
    }

    private static async Task<TestCluster> StartSharedAsync()
    {
        var cluster = await TestCluster.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        return cluster;
    }
}
