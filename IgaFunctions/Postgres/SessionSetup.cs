using Npgsql;

namespace Iga.Postgres;

/// <summary>
/// Sets up a new session for statements that are prepared: every one looks rows up by keys, so one plan fits all values. A plan that
/// was made while a table was small would read all of it, and is kept until the table is analyzed.
/// </summary>
/// <remarks>
/// Only a session that is this process's own is touched. What a pooler lends is somebody else's after the next transaction; it is
/// told by the id of the server's process, of which a pooler makes one up for its clients.
/// </remarks>
internal sealed class SessionSetup(ILogger<SessionSetup>? logger)
{
    private int _warned;

    public void Run(NpgsqlConnection connection)
    {
        using var command = Command(connection);
        Judge(command.ExecuteScalar());
    }

    public async Task RunAsync(NpgsqlConnection connection)
    {
        await using var command = Command(connection);
        Judge(await command.ExecuteScalarAsync());
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection) => new($"""
        select case when pg_backend_pid() = {connection.ProcessID} then set_config('plan_cache_mode', 'force_generic_plan', false)
            || set_config('enable_seqscan', 'off', false) || set_config('jit', 'off', false) end
        """, connection);

    /// <param name="answer">Null if the session was left alone.</param>
    private void Judge(object? answer)
    {
        if (answer is not string && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            logger?.LogWarning(
                "A connection pooler stands before PostgreSQL. If it lends sessions by transaction, statements fail now and then, "
                + "with 42P05 or 26000: set IGA_POSTGRES_POOLER to transaction, or start the service while PostgreSQL can be reached");
        }
    }
}
