using Npgsql;

namespace Iga.Postgres;

/// <summary>
/// A connection pooler (PgBouncer, Supavisor, …) that may stand between the service and PostgreSQL. In transaction mode it lends its
/// clients a session of the server for one transaction at a time, so what is prepared in one is not there in the next.
/// </summary>
public static class Pooler
{
    /// <summary>The keyword of Npgsql's connection string that says how many statements of a session are kept prepared.</summary>
    internal const string Prepared = "Max Auto Prepare";

    internal const int MostPrepared = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Makes a connection string one that works through a pooler in transaction mode.</summary>
    public static string NoPreparing(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 0 }.ConnectionString;

    /// <summary>Makes it one that prepares statements whatever stands before PostgreSQL.</summary>
    public static string Preparing(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = MostPrepared }.ConnectionString;

    /// <summary>
    /// Looks whether a pooler stands before PostgreSQL: the id that it told of the server's process is then not the real one.
    /// </summary>
    /// <returns>
    /// The connection string, made fit for a pooler where there is one. As it was where it says itself how many statements to prepare,
    /// or where PostgreSQL can't be reached now.
    /// </returns>
    public static async Task<string> DetectAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.ShouldSerialize(Prepared))
        {
            return connectionString;
        }

        settings.Pooling = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await using var database = NpgsqlDataSource.Create(settings);
            await using var connection = await database.OpenConnectionAsync(limit.Token);
            await using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
            return (int?)await command.ExecuteScalarAsync(limit.Token) == connection.ProcessID
                ? connectionString
                : NoPreparing(connectionString);
        }
        catch (Exception exception) when (
            exception is NpgsqlException or TimeoutException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return connectionString;
        }
    }
}
