using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>
/// The shape of the shared table: its primary key is (idempotency_key, task_name) in a new database, and may be
/// idempotency_key alone in one that other services made. Callers give one key to several services, so in the second
/// shape our rows have keys of their own. Everything that reads or writes keys asks for the shape first, so in a database that the
/// migrations of this version were not applied to nothing is begun, and paid for, that could not be ended.
/// </summary>
public sealed class IdempotencyTable(NpgsqlDataSource dataSource)
{
    public const string TaskName = "generate_image_vertex_ai_task";

    /// <summary>Whether a row's task is in flight. Just as an index of such rows has it, which stays as small as the work in flight.</summary>
    internal const string IsInFlight = "task_id is not null and result_payload is null and error_payload is null";

    private const string OwnKeyPrefix = TaskName + ":";

    // What the migrations make that the Functions host's app stands on; MigrationTests holds both lists to them.
    internal static readonly string[] OwnColumns = ["task_id", "request_fingerprint", "effective_request", "staged_image", "image_details", "caller", "ended_at", "cancelling_since", "started_at", "attempts", "upload_seconds", "reserved_usd"];
    internal static readonly string[] OwnTables = ["iga_task_archive", "iga_database", "iga_spend", "iga_callbacks"];

    private volatile Shape? _shape;

    /// <summary>Looked up once; a look-up that fails is tried again by the next caller.</summary>
    /// <exception cref="TableNotReadyException">
    /// The table is missing or has neither of the two primary keys, or a migration was not applied.
    /// </exception>
    /// <exception cref="NpgsqlException">PostgreSQL is out of reach.</exception>
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
            select
                (select coalesce(string_agg(a.attname::text, ',' order by a.attname), '')
                 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
                 where i.indrelid = to_regclass('idempotency_keys') and i.indisprimary),
                (select coalesce(string_agg(made, ', '), '')
                 from (
                    select 'idempotency_keys.' || name from unnest(@columns) name
                    where not exists (
                        select from pg_attribute
                        where attrelid = to_regclass('idempotency_keys') and attname = name and not attisdropped)
                    union all
                    select name from unnest(@tables) name where to_regclass(name) is null
                 ) missing (made))
            """, connection);
        command.WithAll("columns", NpgsqlDbType.Text, OwnColumns, name => name);
        command.WithAll("tables", NpgsqlDbType.Text, OwnTables, name => name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var shape = ShapeOf(reader.GetString(0));
        return reader.GetString(1) is "" ? shape : throw new TableNotReadyException(
            $"The database lacks {reader.GetString(1)}, which the migrations make. Apply them (the local host's verb migrate); "
            + "the service goes on by itself then.");
    }

    private static Shape ShapeOf(string primaryKey) => primaryKey switch
    {
        "idempotency_key,task_name" => new Shape("idempotency_key, task_name", ""),
        "idempotency_key" => new Shape("idempotency_key", OwnKeyPrefix),
        _ => throw new TableNotReadyException(
            "The table idempotency_keys must have the primary key (idempotency_key, task_name) or (idempotency_key), but "
            + (primaryKey is "" ? "it is missing or has none." : $"it is ({primaryKey}).")
            + " Apply the migrations, or set POSTGRES_DB to the database that the services share."),
    };

    /// <param name="ConflictTarget">The columns of the primary key.</param>
    /// <param name="KeyPrefix">What stands before the caller's key in the idempotency_key column of our rows.</param>
    public sealed record Shape(string ConflictTarget, string KeyPrefix)
    {
        public string StoredKey(string idempotencyKey) => KeyPrefix + idempotencyKey;

        public string CallersKey(string storedKey) => storedKey[KeyPrefix.Length..];
    }
}
