-- A poll of a task that has ended; the service reads many in one statement.
\set n random(1, :sample)
select task_id, result_payload, error_payload
from (select * from unnest(array[(select task_id from sample where n = :n)]) with ordinality limit 1) as a (task_id, n)
    join idempotency_keys using (task_id);
