-- What a task has staged, written into its key's row.
update idempotency_keys set
    staged_image = '{"size": 1200000, "content_type": "image/png", "extension": "png", "crc32_c": "AAAAAA=="}'::jsonb
where idempotency_key = 'k' || :n and task_name = 'generate_image_vertex_ai_task' and task_id = md5('k' || :n)::uuid
    and status = 'processing';
