-- What a task has staged, from before it stores it until it has ended: size, type and checksum of the picture. Ours alone, null
-- in the rows of other services.
alter table idempotency_keys add column if not exists staged_image jsonb;
