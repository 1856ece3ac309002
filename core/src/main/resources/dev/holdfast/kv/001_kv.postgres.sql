-- Entries in key order. The key is the tuple encoding; wire is its form in Deno's order, for keys with a big integer, where the two orders differ.
create table {p}kv (
  ns integer not null,
  key bytea not null,
  value bytea not null,
  encoding smallint not null,
  versionstamp bigint not null,
  expires_at bigint,
  wire bytea,
  primary key (ns, key)
);
create index {p}kv_expiry on {p}kv (ns, expires_at) where expires_at is not null;
create index {p}kv_wire on {p}kv (ns, wire) where wire is not null;
