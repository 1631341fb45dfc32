using Iga.Http;
using Iga.Keys;
using Iga.Postgres;
using Npgsql;

namespace Iga.Health;

/// <summary>Whether PostgreSQL has this version's tables, takes writes and has room.</summary>
public sealed class StoreCheck(NpgsqlDataSource database, IdempotencyTable table)
{
    internal static readonly Readiness Silent = NotReady("is out of reach.", "no answer in time");

    public async Task<Readiness> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.GetShapeAsync(cancellationToken);

            // Tried again in a new session: those of the pool may be of the time before a restart or a failover.
            return await PostgresRetries.RunAsync(database, WriteAsync, cancellationToken);
        }
        catch (TableNotReadyException exception)
        {
            return NotReady("is not ready for this version; the log says what it lacks.", exception.Message) with { IsAboutMigrations = true };
        }
        catch (PostgresException exception) when (exception.IsReadOnlyServer())
        {
            return NotReady("takes no writes at the moment.", exception.MessageText);
        }
        catch (PostgresException exception) when (exception.SqlState.StartsWith("53", StringComparison.Ordinal))
        {
            // Class 53, insufficient resources: a full disk, no memory, too many connections.
            return NotReady("has no room or no resources left.", exception.MessageText);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return NotReady("is out of reach.", exception.Message);
        }
    }

    private static Readiness NotReady(string what, string cause) =>
        new(ErrorCode.StoreUnavailable, $"The store of idempotency keys {what}", cause);

    private async Task<Readiness> WriteAsync(CancellationToken cancellationToken)
    {
        // A row that is written again finds its place in its own page, on a full disk too. A sort of 200 KB with memory for 64 needs
        // new blocks, and leaves nothing behind.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("update iga_database set id = id"));
        batch.BatchCommands.Add(new("select set_config('work_mem', '64kB', true)"));
        batch.BatchCommands.Add(new(
            "select count(*) from (select repeat('x', 1000) || n from generate_series(1, 200) n order by 1 offset 0) sorted"));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // A role that may only read this table. That the server takes writes is known all the same: it looks at that first.
        }

        return Readiness.Ready;
    }
}
