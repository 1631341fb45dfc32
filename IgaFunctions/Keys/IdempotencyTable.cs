using Npgsql;

namespace Iga.Keys;

/// <summary>
/// The shape of the shared table: its primary key is (idempotency_key, task_name) in a new database, and may be
/// idempotency_key alone in one that other services made. Callers give one key to several services, so in the second
/// shape our rows have keys of their own.
/// </summary>
public sealed class IdempotencyTable(NpgsqlDataSource dataSource)
{
    public const string TaskName = "generate_image_vertex_ai_task";

    private const string OwnKeyPrefix = TaskName + ":";

    private volatile Shape? _shape;

    /// <summary>Looked up once; a look-up that fails is tried again by the next caller.</summary>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
    /// <exception cref="InvalidOperationException">The table is missing or has neither of the two primary keys.</exception>
    public async ValueTask<Shape> GetShapeAsync(CancellationToken cancellationToken)
    {
        if (_shape is { } known)
        {
            return known;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await GetShapeAsync(connection, cancellationToken);
    }

    /// <summary>The same for who has a connection: a second one might be the one too many for the pool.</summary>
    /// <inheritdoc cref="GetShapeAsync(CancellationToken)"/>
    public async ValueTask<Shape> GetShapeAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        _shape ??= await ReadShapeAsync(connection, cancellationToken);

    private static async Task<Shape> ReadShapeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select coalesce(string_agg(a.attname::text, ',' order by a.attname), '')
            from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
            where i.indrelid = to_regclass('idempotency_keys') and i.indisprimary
            """, connection);
        return (string?)await command.ExecuteScalarAsync(cancellationToken) switch
        {
            "idempotency_key,task_name" => new Shape("idempotency_key, task_name", ""),
            "idempotency_key" => new Shape("idempotency_key", OwnKeyPrefix),
            var columns => throw new InvalidOperationException(
                "The table idempotency_keys must have the primary key (idempotency_key, task_name) or (idempotency_key), but "
                + (columns is null or "" ? "it is missing or has none." : $"it is ({columns}).")
                + " Apply the migrations, or set POSTGRES_DB to the database that the services share."),
        };
    }

    /// <param name="ConflictTarget">The columns of the primary key.</param>
    /// <param name="KeyPrefix">What stands before the caller's key in the idempotency_key column of our rows.</param>
    public sealed record Shape(string ConflictTarget, string KeyPrefix)
    {
        public string StoredKey(string idempotencyKey) => KeyPrefix + idempotencyKey;

        public string CallersKey(string storedKey) => storedKey[KeyPrefix.Length..];
    }
}
