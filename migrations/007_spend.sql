-- What pictures have cost: a row for each day (UTC), API key and model, added to when a picture has been paid for. The name of a key is
-- empty where keys have none. Prices are those of the catalog. fillfactor: one row takes every addition of a day, in place.
create table if not exists iga_spend (
    day    date    not null,
    caller text    not null,
    model  text    not null,
    images bigint  not null,
    usd    numeric not null,
    primary key (day, caller, model)
) with (fillfactor = 50);
