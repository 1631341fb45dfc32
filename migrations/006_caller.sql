-- The name of the API key that a task was posted with; null where keys have no names. Ours alone, null in the rows of other services.
alter table idempotency_keys add column if not exists caller text;
alter table iga_task_archive add column if not exists caller text;
