-- One row. A versionstamp is base + transaction id; base rises when the ids might not (restore, import, another server). The server that it
-- was made for is written down when the store is first opened.
create table {p}state (
  id smallint not null primary key check (id = 1),
  base bigint not null,
  system_identifier bigint not null,
  timeline integer not null
);
insert into {p}state (id, base, system_identifier, timeline)
  select 1, (extract(epoch from clock_timestamp()) * 1000)::bigint * 65536 - pg_current_xact_id()::text::bigint, 0, 0;

-- Tenants by name. A number is never used again; a deleted tenant keeps its row, under a name no tenant can have, until its data is gone.
create table {p}namespaces (
  name text collate "C" not null primary key,
  ns integer not null unique,
  created_at bigint not null,
  deleted_at bigint,
  quota_rows bigint,
  quota_bytes bigint,
  changes_floor bigint not null,
  changes_mark bigint,
  changes_marked_at bigint
);
insert into {p}namespaces (name, ns, created_at, changes_floor) values ('default', 1, 0, 0);

-- What a tenant with a quota uses, in several rows so that its writers do not meet in one.
create table {p}usage (
  ns integer not null,
  shard integer not null,
  row_count bigint not null,
  byte_count bigint not null,
  primary key (ns, shard)
);

-- What was changed, in the order of versionstamps; pruned from the old end.
create table {p}changes (
  ns integer not null,
  versionstamp bigint not null,
  n integer not null,
  room text not null,
  scope text not null,
  id bytea not null,
  op smallint not null,
  primary key (ns, versionstamp, n)
);
