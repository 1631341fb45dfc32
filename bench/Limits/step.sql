-- An activity's result, and what came of it. The variables seq and is_end (0 or 1) say which.
with step as (
    update iga_runtime.instances set
        seq = :seq::int, custom_status = null, last_updated_at = now(), status = :is_end::int,
        output = case when :is_end::int = 1 then '{}' end, failure = null, ended_at = case when :is_end::int = 1 then now() end,
        lease_owner = case when :is_end::int = 1 then null else lease_owner end
    where instance_id = md5('k' || :n)::uuid::text and execution_id = md5('k' || :n)::uuid
        and lease_owner = '01a20dec-346d-7359-ab99-3e98f38ccc5a' and ended_at is null and seq between :seq::int - 1 and :seq::int returning 1),
happened as (
    insert into iga_runtime.history (instance_id, execution_id, seq, task_id, kind, name, payload, at)
    select md5('k' || :n)::uuid::text, md5('k' || :n)::uuid, :seq::int, :seq::int - 1, 'completed', 'generate_image_activity', '{"IsOwned": true, "Completed": null}', now() from step
    on conflict (instance_id, execution_id, seq) do nothing)
select count(*) from step;
