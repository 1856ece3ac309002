-- One row: the highest versionstamp handed out.
create table {p}state (
  id integer not null primary key check (id = 1),
  versionstamp integer not null
) strict;
insert into {p}state (id, versionstamp) values (1, 0);

-- Tenants by name. A number is never used again; a deleted tenant keeps its row, under a name no tenant can have, until its data is gone.
create table {p}namespaces (
  name text not null primary key,
  ns integer not null unique,
  created_at integer not null,
  deleted_at integer,
  quota_rows integer,
  quota_bytes integer,
  changes_floor integer not null,
  changes_mark integer,
  changes_marked_at integer
) strict, without rowid;
insert into {p}namespaces (name, ns, created_at, changes_floor) values ('default', 1, 0, 0);

-- What a tenant with a quota uses, in several rows so that its writers do not meet in one.
create table {p}usage (
  ns integer not null,
  shard integer not null,
  row_count integer not null,
  byte_count integer not null,
  primary key (ns, shard)
) strict, without rowid;

-- What was changed, in the order of versionstamps; pruned from the old end.
create table {p}changes (
  ns integer not null,
  versionstamp integer not null,
  n integer not null,
  room text not null,
  scope text not null,
  id blob not null,
  op integer not null,
  primary key (ns, versionstamp, n)
) strict, without rowid;
