-- The output of a task's run holds no prompt, since the task's row has it: clients of the runtime read it from there, or what the row says
-- since the prompt was erased.
create or replace function iga_runtime.output_of(instance_id text, output text) returns text language sql stable as $$
    select case when position('"prompt_used":null' in output) = 0 then output else coalesce((
        select replace(output, '"prompt_used":null', '"prompt_used":' || (k.result_payload -> 'prompt_used')::text)
        from idempotency_keys k
        where k.task_id = instance_id::uuid), output) end
$$;
