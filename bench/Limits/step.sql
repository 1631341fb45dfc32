-- The result of a task's one activity, and with it the task's end.
with step as (
    update iga_runtime.instances set
        seq = 1, custom_status = null, last_updated_at = now(), status = 1, output = '{}', failure = null, ended_at = now(),
        lease_owner = null
    where instance_id = md5('k' || :n)::uuid::text and execution_id = md5('k' || :n)::uuid
        and lease_owner = '01a20dec-346d-7359-ab99-3e98f38ccc5a' and ended_at is null and seq between 0 and 1 returning 1),
happened as (
    insert into iga_runtime.history (instance_id, execution_id, seq, task_id, kind, name, payload, at)
    select md5('k' || :n)::uuid::text, md5('k' || :n)::uuid, 1, 0, 'completed', 'make_image',
        '{"Made": {"Image": {"Size": 1200000, "ContentType": "image/png", "Extension": "png", "Crc32C": "AAAAAA=="}}, "Stored": {"Url": "gs://bench-bucket/images/iga/iga_req.png"}, "IsCompleted": true}', now() from step
    on conflict (instance_id, execution_id, seq) do nothing)
select count(*) from step;
