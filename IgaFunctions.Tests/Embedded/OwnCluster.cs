using Iga.Embedded;
using Npgsql;

namespace Iga.Tests.Embedded;

/// <summary>A directory for one embedded cluster with real binaries, and a note that is written to it.</summary>
public abstract class OwnCluster : IDisposable
{
    internal TemporaryFolder Folder { get; } = new();

    internal EmbeddedPostgresOptions Options => new()
    {
        BaseDirectory = Folder[".local"],
        ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" },
    };

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static async Task WriteAsync(EmbeddedPostgres postgres, string value) =>
        await ScalarAsync(postgres.ConnectionString, $"create table note as select '{value}'::text as value; select '';");

    internal static Task<string?> ReadAsync(EmbeddedPostgres postgres) =>
        ScalarAsync(postgres.ConnectionString, "select value from note");

    internal static async Task<string?> ScalarAsync(string connectionString, string sql)
    {
        // No pool: a pooled connection does not notice that its server was killed until it is used.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as string;
    }
}
