-- Where the end of a task is reported to (callback_url), and how far that has got. Written in the statement that claims the key, so that
-- no crash loses it. A table of its own: it outlives the key's row, which the next task of the key takes over.
-- state: pending, delivered, given_up. next_at: when somebody has to look after it again; runs: how often somebody has taken it on.
-- ended_at: when the task was seen to have ended, which is the time of the event.
create table if not exists iga_callbacks (
    task_id    uuid        primary key,
    url        text        not null,
    state      text        not null default 'pending',
    next_at    timestamptz not null default now() + interval '30 seconds',
    runs       integer     not null default 0,
    ended_at   timestamptz,
    attempts   integer     not null default 0,
    last_at    timestamptz,
    last_error text
);

-- What the sweeper looks for; stays as small as what is not delivered.
create index if not exists iga_callbacks_pending on iga_callbacks (next_at) where state = 'pending';
