namespace Iga.Tests.Keys;

/// <summary>The table as the other services of the system make it, with a row of one of them.</summary>
internal static class SharedTable
{
    public static string WithPrimaryKey(string columns) => $$"""
        create table idempotency_keys (
            idempotency_key text not null,
            task_name text not null,
            workflow_id text,
            created_at timestamptz not null default now(),
            locked_at timestamptz,
            status text not null,
            result_payload jsonb,
            error_payload jsonb,
            primary key ({{columns}})
        );
        insert into idempotency_keys (idempotency_key, task_name, status, result_payload)
        values ('key', 'generate_snippet_task', 'completed', '{"snippet": 1}');
        """;
}
