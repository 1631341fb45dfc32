using Npgsql;

namespace Iga.Postgres;

/// <summary>
/// The id that the migrations give to a database, whatever host or name it is reached by. A copy of a database has the id of its
/// original.
/// </summary>
/// <param name="read">Reads it.</param>
public sealed class DatabaseIdentity(Func<CancellationToken, Task<Guid>> read)
{
    private volatile object? _id;

    public static DatabaseIdentity Of(NpgsqlDataSource database) =>
        new(token => PostgresRetries.RunAsync(database, inner => ReadAsync(database, inner), token));

    /// <summary>Looked up once; a look-up that fails is tried again by the next caller.</summary>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach, or the migrations were not applied.</exception>
    public async ValueTask<Guid> GetAsync(CancellationToken cancellationToken) =>
        (Guid)(_id ??= await read(cancellationToken));

    private static async Task<Guid> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id from iga_database");
        return await command.ExecuteScalarAsync(cancellationToken) is Guid id
            ? id
            : throw new InvalidOperationException("The table iga_database has no row; apply the migrations.");
    }
}
