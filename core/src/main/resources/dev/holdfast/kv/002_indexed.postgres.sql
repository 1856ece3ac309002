-- Whether any namespace may have a full-text index over keys, in the row that a write reads anyway.
-- Nobody makes one while this is decided. A process of an older version, which does not note it, must not run beside a newer one.
lock table {p}kv in share row exclusive mode;
alter table {p}state add column keys_indexed boolean not null default false;
update {p}state set keys_indexed = exists (select 1 from {p}search_indexes where scope = 'kv');
