-- The database's own id, whatever host or name it is reached by. What is kept outside of the database, such as pictures that wait
-- for their bucket, is kept under it, so that two systems on one disk can't take each other's for their own.
create table if not exists iga_database (
    is_only_row boolean primary key default true check (is_only_row),
    id          uuid    not null
);
insert into iga_database (id) values (gen_random_uuid()) on conflict do nothing;
