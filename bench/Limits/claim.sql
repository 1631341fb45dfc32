-- A claim of a hundred instances that wait, by the only worker.
with picked as materialized (
    select instance_id from iga_runtime.instances
    where lease_owner is null and ended_at is null and lower(name) = any (array['generate_image_workflow'])
        and exists (select from iga_runtime.workers where worker_id = '01a20dec-346d-7359-ab99-3e98f38ccc5a')
    order by start_at limit 100 for update skip locked)
update iga_runtime.instances i
    set lease_owner = '01a20dec-346d-7359-ab99-3e98f38ccc5a', status = 0, last_updated_at = now()
from picked p where i.instance_id = p.instance_id
returning i.instance_id, i.execution_id, i.name, i.input, i.custom_status, i.created_at, i.seq;
