-- What clients read of an instance: what its runs put down, unless whoever uses the runtime replaces this view.
create or replace view iga_runtime.readable_instances as
    select instance_id, name, status, created_at, last_updated_at, failure, input, output, custom_status
    from iga_runtime.instances;
