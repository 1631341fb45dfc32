using Npgsql;

namespace Iga.Tests.Keys;

/// <summary>Has the database itself write down every change of the shared table.</summary>
internal static class StoreAudit
{
    public static Task InstallAsync(AttackedStore attacked) => attacked.ExecuteAsync("""
        create table audit (
            seq bigserial primary key, at timestamptz not null default clock_timestamp(), key text, task_name text,
            old jsonb, new jsonb);
        create function note_change() returns trigger language plpgsql as $$
        begin
            insert into audit (key, task_name, old, new)
            values (coalesce(new.idempotency_key, old.idempotency_key), coalesce(new.task_name, old.task_name),
                    case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
            return null;
        end $$;
        create trigger note_change after insert or update or delete on idempotency_keys
            for each row execute function note_change();
        """);

    /// <returns>What happened to our rows of the keys, in order.</returns>
    public static async Task<List<RowChange>> ReadAsync(AttackedStore attacked, string[] keys)
    {
        await using var command = attacked.Database.CreateCommand("""
            select seq, key, old is not null, new is not null,
                   coalesce(coalesce(old->>'locked_at', old->>'created_at')::timestamptz
                            < (new->>'locked_at')::timestamptz - $3, false),
                   (old->>'task_id')::uuid, old->>'status', old->>'request_fingerprint', old->'result_payload'->>'image_url',
                   old->'error_payload'->>'message', old->>'result_payload',
                   (new->>'task_id')::uuid, new->>'status', new->>'request_fingerprint', new->'result_payload'->>'image_url',
                   new->'error_payload'->>'message', new->>'result_payload',
                   coalesce((new->>'locked_at')::timestamptz > at - interval '100 s'
                            and new->'locked_at' is distinct from old->'locked_at', false)
            from audit where task_name = $1 and key = any($2) order by seq
            """);
        command.Parameters.Add(new() { Value = AttackedStore.TaskName });
        command.Parameters.Add(new() { Value = keys });
        command.Parameters.Add(new() { Value = AttackedStore.LockTimeout });
        await using var reader = await command.ExecuteReaderAsync();
        List<RowChange> changes = [];
        while (await reader.ReadAsync())
        {
            changes.Add(new RowChange(
                reader.GetInt64(0), reader.GetString(1),
                reader.GetBoolean(2) ? ReadRow(reader, 5, isFresh: false) : null,
                reader.GetBoolean(3) ? ReadRow(reader, 11, isFresh: reader.GetBoolean(17)) : null,
                reader.GetBoolean(4)));
        }

        return changes;
    }

    private static RowChange.Row ReadRow(NpgsqlDataReader reader, int first, bool isFresh)
    {
        return new RowChange.Row(
            reader.IsDBNull(first) ? null : reader.GetGuid(first), reader.GetString(first + 1), Text(2), Text(3), Text(4), Text(5),
            isFresh);

        string? Text(int offset) => reader.IsDBNull(first + offset) ? null : reader.GetString(first + offset);
    }
}
