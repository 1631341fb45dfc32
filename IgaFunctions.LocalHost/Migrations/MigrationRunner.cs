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
        await ExecuteAsync(connection, $"select pg_advisory_lock({AdvisoryLock})", cancellationToken);
        try
        {
            var applied = await ReadAppliedAsync(connection, cancellationToken);
            var now = new List<string>();
            foreach (var name in Names().Where(name => !applied.Contains(name)))
            {
                await ApplyAsync(connection, name, cancellationToken);
                now.Add(name);
            }

            return now;
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    private static IEnumerable<string> Names() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
        .Select(name => name[ResourcePrefix.Length..])
        .Order(StringComparer.Ordinal);

    private static async Task<HashSet<string>> ReadAppliedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(
                connection,
                """
                create table if not exists iga_migrations (
                    name text primary key,
                    applied_at timestamptz not null default now()
                )
                """,
                cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new MigrationException("000 (the list of migrations)", exception);
        }

        await using var command = new NpgsqlCommand("select name from iga_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, await ReadAsync(name, cancellationToken), cancellationToken);
            await using var record = new NpgsqlCommand("insert into iga_migrations (name) values ($1)", connection)
            {
                Parameters = { new() { Value = name } },
            };
            await record.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new MigrationException(name, exception);
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
