-- Collections by name. A number is never used again; a dropped collection keeps its row, under a name no collection can
-- have, until its data is gone. The version is another random number after every change of options or indexes: what a
-- program remembers is right as long as it is the same.
create table {p}collections (
  ns integer not null,
  name text collate "C" not null,
  number integer not null,
  version bigint not null,
  options text not null,
  created_at bigint not null,
  dropped_at bigint,
  primary key (ns, name)
);
create unique index {p}collections_number on {p}collections (ns, number);

-- JSON documents: the body is the JSON text in UTF-8, with the id in it.
create table {p}documents (
  ns integer not null,
  collection integer not null,
  id text collate "C" not null,
  body bytea not null,
  versionstamp bigint not null,
  first_versionstamp bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (ns, collection, id)
);

-- Declared indexes. State: 0 being built, 1 complete, 2 dropped and not yet cleared away. Paths is a JSON array.
create table {p}indexes (
  ns integer not null,
  index_no integer not null,
  collection integer not null,
  name text collate "C" not null,
  paths text not null,
  is_unique smallint not null,
  is_multi smallint not null,
  state smallint not null,
  built_to text collate "C" not null,
  primary key (ns, index_no)
);
create unique index {p}indexes_name on {p}indexes (ns, collection, name);

-- The entries of all indexes. The value is the order-preserving encoding of the indexed fields, each cut to 256 bytes.
create table {p}document_index (
  ns integer not null,
  index_no integer not null,
  value bytea not null,
  id text collate "C" not null,
  primary key (ns, index_no, value, id)
);

-- What a unique index holds only once: the whole encoding, or its hash when that is longer.
create table {p}document_unique (
  ns integer not null,
  index_no integer not null,
  value bytea not null,
  id text collate "C" not null,
  primary key (ns, index_no, value)
);
