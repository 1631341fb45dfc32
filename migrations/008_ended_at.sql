-- When a task ended, by the database's clock; null while it is in flight, and of tasks that ended before this column was there. Ours alone,
-- null in the rows of other services.
alter table idempotency_keys add column if not exists ended_at timestamptz;

-- What was used and spent in a time is counted by when tasks ended.
create index if not exists idempotency_keys_iga_ended on idempotency_keys (ended_at) where ended_at is not null;

-- The list of tasks: newest first is by task id, which begins with the time. Each index holds just the tasks that its filter can find.
create index if not exists idempotency_keys_iga_failed
    on idempotency_keys (task_id) where task_id is not null and error_payload is not null;
create index if not exists idempotency_keys_iga_workflow
    on idempotency_keys (workflow_id, task_id) where task_id is not null and workflow_id is not null;
create index if not exists idempotency_keys_iga_caller
    on idempotency_keys (caller, task_id) where task_id is not null and caller is not null;

-- What the list tells of a task is kept, too, when the task loses its row.
alter table iga_task_archive add column if not exists created_at timestamptz;
alter table iga_task_archive add column if not exists ended_at timestamptz;
alter table iga_task_archive add column if not exists effective_request jsonb;
create index if not exists iga_task_archive_ended on iga_task_archive (ended_at) where ended_at is not null;
create index if not exists iga_task_archive_key on iga_task_archive (idempotency_key, task_id);
create index if not exists iga_task_archive_workflow on iga_task_archive (workflow_id, task_id) where workflow_id is not null;
create index if not exists iga_task_archive_caller on iga_task_archive (caller, task_id) where caller is not null;
