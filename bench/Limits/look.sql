-- A look whether the key is still the task's.
select task_id = md5('k' || :n)::uuid and status = 'processing', locked_at < now() - interval '1 hour' / 3,
       case when status = 'completed' and coalesce(task_id = md5('k' || :n)::uuid, true) then result_payload end,
       staged_image
from idempotency_keys
where idempotency_key = 'k' || :n and task_name = 'generate_image_vertex_ai_task';
