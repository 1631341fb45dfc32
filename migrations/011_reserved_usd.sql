-- What a task may cost at most, US dollars: reserved while it is under way and has no picture, where the service has a limit of its spend of a
-- day. Ours alone, null in the rows of other services.
alter table idempotency_keys add column if not exists reserved_usd numeric;
