-- Of a task that stored a picture: its size, type and checksum, which model made it, what that took and what it costs. Ours alone,
-- null in the rows of other services.
alter table idempotency_keys add column if not exists image_details jsonb;
