using Npgsql;

namespace Iga.Postgres;

/// <summary>
/// Sets up a new session for statements that are prepared: every one looks rows up by keys, so one plan fits all values. A plan that
/// was made while a table was small would read all of it, and is kept until the table is analyzed. Nor are bitmaps of rows made: lists
/// read an index in its order and stop, where a bitmap reads all that fits, and sorts it.
/// </summary>
/// <remarks>
/// Only a session that is this process's own is touched. What a pooler lends is somebody else's after the next transaction; it is
/// told by the id of the server's process, of which a pooler makes one up for its clients.
/// </remarks>
internal sealed class SessionSetup(ILogger<SessionSetup>? logger)
{
    // As commands: asked for by set_config within a query, accepting a task took a seventh longer (bench, accept).
    private const string Settings = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off; set jit = off";

    private int _warned;

    public void Run(NpgsqlConnection connection)
    {
        using var look = Look(connection);
        if (IsOwn(connection, look.ExecuteScalar()))
        {
            using var set = new NpgsqlCommand(Settings, connection);
            set.ExecuteNonQuery();
        }
    }

    public async Task RunAsync(NpgsqlConnection connection)
    {
        await using var look = Look(connection);
        if (IsOwn(connection, await look.ExecuteScalarAsync()))
        {
            await using var set = new NpgsqlCommand(Settings, connection);
            await set.ExecuteNonQueryAsync();
        }
    }

    private static NpgsqlCommand Look(NpgsqlConnection connection) => new("select pg_backend_pid()", connection);

    /// <returns>False where a pooler lends the session, which is then left alone.</returns>
    private bool IsOwn(NpgsqlConnection connection, object? process)
    {
        if ((int?)process == connection.ProcessID)
        {
            return true;
        }

        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            logger?.LogWarning(
                "A connection pooler stands before PostgreSQL. If it lends sessions by transaction, statements fail now and then, "
                + "with 42P05 or 26000: set IGA_POSTGRES_POOLER to transaction, or start the service while PostgreSQL can be reached");
        }

        return false;
    }
}
