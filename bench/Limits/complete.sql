-- The result of a task, written into its key's row.
update idempotency_keys set status = 'completed', locked_at = null, error_payload = null, staged_image = null,
    result_payload = '{"image_url": "gs://bench-bucket/images/iga/iga_req.png", "prompt_used": "A lighthouse at dawn"}'::jsonb
where idempotency_key = 'k' || :n and task_name = 'generate_image_vertex_ai_task' and task_id = md5('k' || :n)::uuid
    and status in ('processing', 'completed');
