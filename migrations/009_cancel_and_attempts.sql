-- Since when a task is being cancelled; null where it is not, and again when that is done. While it is set, the task writes nothing any
-- more. Ours alone, null in the rows of other services, as is all that follows.
alter table idempotency_keys add column if not exists cancelling_since timestamptz;

-- When the task's work began, its calls of the model (a JSON array, the oldest first), and how long its upload took, in seconds.
alter table idempotency_keys add column if not exists started_at timestamptz;
alter table idempotency_keys add column if not exists attempts jsonb;
alter table idempotency_keys add column if not exists upload_seconds double precision;

-- What the sweeper looks for: nearly always nothing.
create index if not exists idempotency_keys_iga_cancelling
    on idempotency_keys (cancelling_since) where cancelling_since is not null;

-- Kept of a task that loses its row.
alter table iga_task_archive add column if not exists started_at timestamptz;
alter table iga_task_archive add column if not exists attempts jsonb;
