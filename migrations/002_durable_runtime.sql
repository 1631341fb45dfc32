-- The local durable runtime's own tables. Nothing else reads or writes them.

create schema if not exists iga_runtime;

-- One row a living process. Its id is the lease token of every instance that the process runs; whoever finds the row
-- expired deletes it and takes the instances over.
create table if not exists iga_runtime.workers (
    worker_id  uuid primary key,
    expires_at timestamptz not null
);

-- status: the numbers of OrchestrationRuntimeStatus (0 running, 1 completed, 3 failed, 5 terminated, 6 pending).
-- execution_id: new with every start of the same instance id, so that a run that was ended from outside can't write
-- into its successor. seq: how many history events are recorded; every write compares it.
-- fillfactor: the steps of an instance change no indexed column, so with room on the page they are HOT updates.
create table if not exists iga_runtime.instances (
    instance_id     text primary key,
    execution_id    uuid not null,
    name            text not null,
    input           text,
    output          text,
    custom_status   text,
    failure         text,
    status          smallint not null,
    seq             integer not null default 0,
    created_at      timestamptz not null,
    start_at        timestamptz not null,
    last_updated_at timestamptz not null,
    ended_at        timestamptz,
    lease_owner     uuid
) with (fillfactor = 70);

-- Each of the three holds only what its reader looks for, whatever the table has grown to.
create index if not exists instances_claimable on iga_runtime.instances (start_at)
    where lease_owner is null and ended_at is null;
create index if not exists instances_leased on iga_runtime.instances (lease_owner)
    where lease_owner is not null;
create index if not exists instances_ended on iga_runtime.instances (ended_at)
    where ended_at is not null;

-- What the orchestrator was told, in the order in which it was told.
create table if not exists iga_runtime.history (
    instance_id  text not null,
    execution_id uuid not null,
    seq          integer not null,
    task_id      integer not null,
    kind         text not null check (kind in ('completed', 'failed', 'fired')),
    name         text not null,
    payload      text,
    at           timestamptz not null,
    primary key (instance_id, execution_id, seq)
);

-- The last occurrence that any process has run of each timer function: an occurrence runs once, not once a process.
create table if not exists iga_runtime.timers (
    name            text primary key,
    last_occurrence timestamptz not null
);
