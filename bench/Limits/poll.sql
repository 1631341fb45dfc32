-- A poll of a task that has ended.
\set n random(1, 500)
select name, status, created_at, last_updated_at, failure, input, output, custom_status
from iga_runtime.instances where instance_id = (select instance_id from sample where n = :n);
