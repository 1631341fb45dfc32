using Iga.Postgres;
using Iga.Tasks;
using Npgsql;

namespace Iga.Keys;

/// <summary>A task as its row tells it.</summary>
internal static class StoredTask
{
    /// <summary>What <see cref="Read"/> reads, in this order.</summary>
    public const string Columns = "task_id, idempotency_key, workflow_id, request_fingerprint, effective_request, caller";

    /// <param name="reader">Its first columns are <see cref="Columns"/>; the request is there.</param>
    public static ImageTask Read(NpgsqlDataReader reader, IdempotencyTable.Shape shape, IdempotencyOptions options) => new(
        reader.GetGuid(0), shape.CallersKey(reader.GetString(1)), reader.TextOrNull(2),
        reader.GetString(3), IdempotencyJson.ReadRequest(reader.GetString(4)), options.Heartbeat.TotalSeconds,
        Caller: reader.TextOrNull(5));
}
