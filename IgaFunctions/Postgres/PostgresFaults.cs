using Npgsql;

namespace Iga.Postgres;

/// <summary>What a fault that PostgreSQL reports means for the one who asked.</summary>
public static class PostgresFaults
{
    /// <summary>Whether the same may succeed a little later.</summary>
    public static bool IsPassing(this NpgsqlException exception) =>
        exception.IsTransient || exception.IsReadOnlyServer()

        // All of class 08, "connection exception": PgBouncer gives all its own faults the code 08P01, such as a server that it
        // can't reach.
        || exception.SqlState?.StartsWith("08", StringComparison.Ordinal) == true
        || exception.HasNoHostLeft();

    /// <summary>
    /// Of several hosts none could be had: away, or, in the middle of a failover, none that takes writes. Npgsql does not call that
    /// transient, whatever each of them met (findings/npgsql-no-host-left-is-not-transient.sh).
    /// </summary>
    private static bool HasNoHostLeft(this NpgsqlException exception) =>
        exception is not PostgresException && exception.InnerException is null or AggregateException;

    /// <summary>
    /// Whether the session's server takes no writes (SQLSTATE 25006). After a failover the sessions of the time before may still
    /// be open, to the server that was the primary; a new one reaches the server that is.
    /// </summary>
    public static bool IsReadOnlyServer(this Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    /// <summary>Lets go of all the pool's sessions if the fault says that their server takes no writes.</summary>
    public static void ForgetReadOnlySessions(this NpgsqlDataSource database, Exception exception)
    {
        if (exception.IsReadOnlyServer())
        {
            database.Clear();
        }
    }
}
