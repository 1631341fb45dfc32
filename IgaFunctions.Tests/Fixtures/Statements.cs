using Npgsql;

namespace Iga.Tests.Fixtures;

/// <summary>A test's own statements on a database.</summary>
internal static class Statements
{
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(this NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using var command = Command(database, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <returns>The first column of the first row; the type's default where it is null, or there is none.</returns>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using var command = Command(database, sql, parameters);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>
    /// How many rows, and entries of indexes, were read so far. A session tells what it read when it is asked to: the data source has to have
    /// one alone.
    /// </summary>
    public static async Task<long> ReadRowsAsync(this NpgsqlDataSource database)
    {
        await database.ExecuteAsync("select pg_stat_force_next_flush()");
        return await database.ScalarAsync<long>("""
            select ((select sum(seq_tup_read) from pg_stat_user_tables) + (select sum(idx_tup_read) from pg_stat_user_indexes))::bigint
            """);
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string sql, object[] parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }
}
