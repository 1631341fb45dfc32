-- The output of a task's run holds no prompt, since the task's row has it: clients of the runtime read it from there, or what the row says
-- since the prompt was erased. In PL/pgSQL, which keeps its plan for the session; a function in SQL is planned with each query.
create or replace function iga_runtime.output_of(instance_id text, output text) returns text language plpgsql stable as $$
declare
    prompt text;
begin
    if position('"prompt_used":null' in output) = 0 then
        return output;
    end if;

    select (k.result_payload -> 'prompt_used')::text into prompt
    from idempotency_keys k
    where k.task_id = output_of.instance_id::uuid;
    return coalesce(replace(output, '"prompt_used":null', '"prompt_used":' || prompt), output);
end
$$;
