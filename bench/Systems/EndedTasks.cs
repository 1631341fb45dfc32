using Iga.Workflow;
using Iga.Workflow.Activities;

namespace Iga.Bench.Systems;

/// <summary>Tasks that have ended, put into the tables as the service leaves them.</summary>
internal static class EndedTasks
{
    /// <summary>
    /// SQL of a UUID of version 7, such as the service's tasks have. The order of an index over random ones is another.
    /// </summary>
    /// <param name="at">SQL of its time.</param>
    public static string NewId(string at) =>
        $"(lpad(to_hex((extract(epoch from {at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) "
        + "|| '8' || substr(md5(random()::text), 1, 15))::uuid";

    /// <returns>SQL that adds this many, over the last 20 hours: within the time that they stay readable.</returns>
    public static string Sql(int count) => $$"""
        with ended as materialized (
            select {{NewId("at")}} as id, gen_random_uuid() as execution, at
            from (select now() - interval '20 hours' * (1 - n::float8 / {{count}}) as at from generate_series(1, {{count}}) n) one),
        keys as (
            insert into idempotency_keys (idempotency_key, task_name, workflow_id, created_at, locked_at, status, result_payload,
                task_id, request_fingerprint, effective_request, ended_at)
            select 'ended-' || id, 'generate_image_vertex_ai_task', 'bench', at, null, 'completed',
                jsonb_build_object('image_url', 'gs://bench-bucket/images/iga/iga_req_' || id || '.png', 'prompt_used', 'A lighthouse at dawn above a calm sea, painted in watercolours', 'model_version', 'vertex-ai-gemini-3.1-flash-image'),
                id, encode(sha256(id::text::bytea), 'hex'),
                jsonb_build_object('prompt', 'A lighthouse at dawn above a calm sea, painted in watercolours', 'aspect_ratio', '1:1', 'add_watermark', true, 'model_id', 'gemini-3.1-flash-image'),
                at + interval '20 seconds'
            from ended),
        instances as (
            insert into iga_runtime.instances (instance_id, execution_id, name, output, status, seq, created_at, start_at,
                last_updated_at, ended_at)
            select id::text, execution, '{{ImageWorkflow.Name}}',
                '{"Image":{"image_url":"gs://bench-bucket/images/iga/iga_req_' || id || '.png","prompt_used":null,"model_version":"vertex-ai-gemini-3.1-flash-image"},"Conflict":null,"Error":null}',
                1, 1, at, at, at + interval '20 seconds', at + interval '20 seconds'
            from ended)
        insert into iga_runtime.history (instance_id, execution_id, seq, task_id, kind, name, payload, at)
        select id::text, execution, 1, 0, 'completed', '{{MakeImage.Name}}',
            '{"Case":"Completed","Url":"gs://bench-bucket/images/iga/iga_req_' || id || '.png"}',
            at + interval '20 seconds'
        from ended
        """;
}
