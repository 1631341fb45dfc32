using System.Net.Sockets;
using Npgsql;

namespace Iga.Embedded;

/// <summary>How the cluster is connected to, and the first connection to it.</summary>
internal static class PostgresConnection
{
    public const string Database = "iga";

    public static string Describe(int port, string password, string database = Database, bool pooling = true) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = ClusterInitializer.Superuser,
            Password = password,
            Database = database,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = pooling,
            Timeout = 5,
        }.ConnectionString;

    /// <summary>
    /// Connects to make sure that this cluster answers on that port, and creates the database when it's missing.
    /// </summary>
    /// <returns>Null when all is well, else why it is not (yet).</returns>
    public static async Task<string?> CheckAsync(int port, string password, string data, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(Database, "show data_directory");
            if (answer is null)
            {
                await AskAsync("postgres", $"create database {Database}");
                answer = await AskAsync(Database, "show data_directory");
            }

            return answer == data ? null : $"another server, on {answer}, listens on port {port}";
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException)
        {
            return exception.Message;
        }

        // Null when there is no such database.
        async Task<string?> AskAsync(string database, string command)
        {
            await using var connection = new NpgsqlConnection(Describe(port, password, database, pooling: false));
            try
            {
                await connection.OpenAsync(cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                return null;
            }

            await using var query = new NpgsqlCommand(command, connection);
            return await query.ExecuteScalarAsync(cancellationToken) as string;
        }
    }
}
