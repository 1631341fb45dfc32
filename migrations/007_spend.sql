-- What pictures have cost, for each day (UTC), API key with a limit of its spend, and model, added to when a picture has been paid for. Prices are
-- those of the catalog. Each session of PostgreSQL has a row of its own, so that no addition waits for another one that is on its way to be
-- committed; sums are asked for. fillfactor: a row takes the additions of a day in place.
create table if not exists iga_spend (
    day     date    not null,
    caller  text    not null,
    model   text    not null,
    session integer not null default pg_backend_pid(),
    images  bigint  not null,
    usd     numeric not null,
    primary key (day, caller, model, session)
) with (fillfactor = 50);
