-- The table that all services of the system share. In a database that has it already, only what is missing is added.
create table if not exists idempotency_keys (
    idempotency_key text        not null,
    task_name       text        not null,
    workflow_id     text,
    created_at      timestamptz not null default now(),
    locked_at       timestamptz,
    status          text        not null,
    result_payload  jsonb,
    error_payload   jsonb,
    primary key (idempotency_key, task_name)
);

-- Ours alone, null in the rows of other services.
alter table idempotency_keys add column if not exists task_id uuid;
alter table idempotency_keys add column if not exists request_fingerprint text;
alter table idempotency_keys add column if not exists effective_request jsonb;

-- A poll of a task that the engine has purged finds it here.
create unique index if not exists idempotency_keys_iga_task_id
    on idempotency_keys (task_id) where task_id is not null;

-- What the sweeper walks through; stays as small as the work in flight.
create index if not exists idempotency_keys_iga_in_flight
    on idempotency_keys (task_id) where task_id is not null and result_payload is null and error_payload is null;

-- How tasks ended that no longer have a row above: failed and then tried again under the same key, or lost the key.
create table if not exists iga_task_archive (
    task_id         uuid        primary key,
    idempotency_key text        not null,
    workflow_id     text,
    archived_at     timestamptz not null default now(),
    result_payload  jsonb,
    error_payload   jsonb
);
