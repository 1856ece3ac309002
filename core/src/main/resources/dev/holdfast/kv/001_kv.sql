-- Entries in key order. The key is the tuple encoding; wire is its form in Deno's order, for keys with a big integer, where the two orders differ.
create table {p}kv (
  ns integer not null,
  key blob not null,
  value blob not null,
  encoding integer not null,
  versionstamp integer not null,
  expires_at integer,
  wire blob,
  primary key (ns, key)
) strict, without rowid;
create index {p}kv_expiry on {p}kv (ns, expires_at) where expires_at is not null;
create index {p}kv_wire on {p}kv (ns, wire) where wire is not null;
