-- What clients read as the output of an ended instance: what its run put out, unless whoever uses the runtime replaces this function.
create or replace function iga_runtime.output_of(instance_id text, output text) returns text language sql immutable as $$
    select output
$$;
