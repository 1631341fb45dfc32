using System.Reflection;
using Npgsql;

namespace Iga.LocalHost.Migrations;

/// <summary>
/// Applies the SQL files of <c>migrations/</c>, in the order of their names, each once and each in a transaction of its own.
/// </summary>
public static class MigrationRunner
{
    // Any number will do, as long as it stays: processes that start at once wait for each other on it.
    private const long AdvisoryLock = 0x1A6A_0001;

    private const string ResourcePrefix = "migrations/";

    /// <returns>The names of the migrations that were applied now.</returns>
    /// <exception cref="MigrationException">A migration could not be applied; those before it were.</exception>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
    public static async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var applied = await ReadAppliedAsync(connection, cancellationToken);
        var now = new List<string>();
        foreach (var name in Names().Where(name => !applied.Contains(name)))
        {
            if (await ApplyAsync(connection, name, cancellationToken))
            {
                now.Add(name);
            }
        }

        return now;
    }

    /// <returns>The names of the migrations that are still to be applied.</returns>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var applied = await ReadAppliedAsync(connection, cancellationToken);
        return [.. Names().Where(name => !applied.Contains(name))];
    }

    private static IEnumerable<string> Names() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
        .Select(name => name[ResourcePrefix.Length..])
        .Order(StringComparer.Ordinal);

    private static async Task<HashSet<string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>();
        try
        {
            await using var command = new NpgsqlCommand("select name from iga_migrations", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                names.Add(reader.GetString(0));
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // None was applied yet.
        }

        return names;
    }

    /// <returns>False if another process has applied it meanwhile.</returns>
    private static async Task<bool> ApplyAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var step = "000 (the list of migrations)";
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            // The lock ends with the transaction: one that the session holds would stay with a session of a pooler.
            await ExecuteAsync(
                connection,
                $"""
                select pg_advisory_xact_lock({AdvisoryLock});
                create table if not exists iga_migrations (
                    name text primary key,
                    applied_at timestamptz not null default now()
                )
                """,
                cancellationToken);
            step = name;
            await using var record = new NpgsqlCommand(
                "insert into iga_migrations (name) values ($1) on conflict (name) do nothing", connection)
            {
                Parameters = { new() { Value = name } },
            };
            if (await record.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return false;
            }

            await ExecuteAsync(connection, await ReadAsync(name, cancellationToken), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (PostgresException exception)
        {
            throw new MigrationException(step, exception);
        }
    }

    private static async Task<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourcePrefix + name)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
