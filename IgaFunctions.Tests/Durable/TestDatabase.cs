using Iga.LocalHost.Migrations;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Durable;

/// <summary>A fresh database with the runtime's tables, in a cluster that all tests share.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync() => ConnectionString = await MigrateAsync(await TestCluster.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Gives a new database the runtime's tables.</summary>
    /// <returns>The connection string, for a pool as the service has it.</returns>
    internal static async Task<string> MigrateAsync(string connectionString)
    {
        await ExecuteAsync(connectionString, await MigrationAsync());
        return connectionString + ";Max Auto Prepare=50;Timeout=5";
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
        var assembly = typeof(MigrationRunner).Assembly;
        await using var resource = assembly.GetManifestResourceStream("migrations/002_durable_runtime.sql")!;
        using StreamReader reader = new(resource);
        return await reader.ReadToEndAsync();
    }
}
