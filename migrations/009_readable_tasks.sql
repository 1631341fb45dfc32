-- The output of a task's run holds no prompt, since the task's row has it: clients of the runtime read it from there, or what the row says
-- since the prompt was erased. A join, which is planned once for a session, costs a poll less than a function or a question of its own.
create or replace view iga_runtime.readable_instances as
    select i.instance_id, i.name, i.status, i.created_at, i.last_updated_at, i.failure, i.input,
        case when k.task_id is null then i.output
            else replace(i.output, '"prompt_used":null', '"prompt_used":' || (k.result_payload -> 'prompt_used')::text) end as output,
        i.custom_status
    from iga_runtime.instances i
    left join idempotency_keys k
        on k.task_id = case when position('"prompt_used":null' in i.output) > 0 then i.instance_id::uuid end;
