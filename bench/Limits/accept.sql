-- An accept: the claim of a new key and the start of its task, each by itself; the service does many of them in one statement.
\set n random(1, 9000000000000000)
with prior as materialized (
    select task_id, workflow_id, status, request_fingerprint, error_payload,
           status = 'failed' or (status <> 'completed'
               and coalesce(locked_at, created_at, '-infinity') < now() - interval '1 hour') as is_free
    from idempotency_keys
    where idempotency_key = 'k' || :n and task_name = 'generate_image_vertex_ai_task'
    for update
), claimed as (
    insert into idempotency_keys as k (idempotency_key, task_name, workflow_id, created_at, locked_at, status,
                                       task_id, request_fingerprint, effective_request)
    select 'k' || :n, 'generate_image_vertex_ai_task', 'bench', now(), now(), 'processing', md5('k' || :n)::uuid,
           'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
           '{"prompt": "A lighthouse at dawn above a calm sea, painted in watercolours", "aspect_ratio": "1:1"}'::jsonb
    from (select 1) as one left join prior on true
    on conflict (idempotency_key, task_name) do update
    set workflow_id = excluded.workflow_id, created_at = excluded.created_at, locked_at = excluded.locked_at,
        status = excluded.status, task_id = excluded.task_id,
        request_fingerprint = excluded.request_fingerprint, effective_request = excluded.effective_request,
        result_payload = null, error_payload = null, staged_image = null
    where k.task_name = 'generate_image_vertex_ai_task' and (select is_free from prior)
    returning k.task_id
), archived as (
    insert into iga_task_archive (task_id, idempotency_key, workflow_id, result_payload, error_payload)
    select prior.task_id, 'k' || :n, prior.workflow_id, null, prior.error_payload
    from prior, claimed
    where prior.task_id is not null
    on conflict (task_id) do nothing
)
select exists (select from claimed), prior.task_id, prior.request_fingerprint, prior.status = 'processing'
from (select 1) as one left join prior on true;
with started as (
    insert into iga_runtime.instances
        (instance_id, execution_id, name, input, status, created_at, start_at, last_updated_at, lease_owner)
    values (md5('k' || :n)::uuid::text, md5('k' || :n)::uuid, 'generate_image_workflow',
        '{"TaskId": "01a20dec-346d-7359-ab99-3e98f38ccc5a", "IdempotencyKey": "k", "Request": {"Prompt": "A lighthouse at dawn above a calm sea, painted in watercolours"}}',
        0, now(), now(), now(), '01a20dec-346d-7359-ab99-3e98f38ccc5a')
    on conflict (instance_id) do nothing
    returning execution_id)
select count(*) from started;
