-- The table that all services of the system share, with the task's id, so that a repeated request is answered with it.
create table idempotency_keys (
    idempotency_key text        not null,
    task_name       text        not null,
    workflow_id     text,
    created_at      timestamptz not null default now(),
    locked_at       timestamptz,
    status          text        not null,
    result_payload  jsonb,
    error_payload   jsonb,
    task_id         uuid,
    primary key (idempotency_key, task_name)
);
