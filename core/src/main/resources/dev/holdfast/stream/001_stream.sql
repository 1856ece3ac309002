-- The number of the last stream that was made, so that none is given twice.
create table {p}stream_numbers (
  ns integer not null primary key,
  last integer not null
) strict, without rowid;

-- Streams by name. Offsets count units: messages of a JSON stream, bytes of another. State: 0 alive, 1 deleted but kept for its forks, whose
-- number is in forks. A fork reads what stands before fork_at from its source, which is the number of a stream.
create table {p}streams (
  ns integer not null,
  name text not null,
  id integer not null,
  content_type text not null,
  ttl integer,
  expires_text text,
  expires_at integer,
  first integer not null,
  tail integer not null,
  state integer not null,
  is_closed integer not null,
  closed_by text,
  closed_epoch integer,
  closed_seq integer,
  last_sequence text,
  source integer,
  source_name text,
  fork_at integer not null,
  fork_sub integer not null,
  forks integer not null,
  created_at integer not null,
  primary key (ns, name)
) strict, without rowid;
create unique index {p}streams_id on {p}streams (ns, id);
create index {p}streams_expiry on {p}streams (ns, expires_at) where expires_at is not null and state = 0;

-- What was appended, an append a row: data is the bytes, or the texts of the messages with commas between them. Ends tells where the messages
-- end when there are several. Events: some message carries the offset behind the append in its headers. Rows lie in the order of arrival,
-- whatever the stream, so that an append writes to the end of the table and only its place in the index elsewhere.
create table {p}stream_data (
  ns integer not null,
  stream integer not null,
  start integer not null,
  units integer not null,
  data blob not null,
  ends blob,
  events integer not null
) strict;
create unique index {p}stream_data_place on {p}stream_data (ns, stream, start);

-- The last append of each producer.
create table {p}stream_producers (
  ns integer not null,
  stream integer not null,
  producer text not null,
  epoch integer not null,
  seq integer not null,
  primary key (ns, stream, producer)
) strict, without rowid;

-- Streams that are no more, whose rows are still to be removed.
create table {p}stream_garbage (
  ns integer not null,
  stream integer not null,
  primary key (ns, stream)
) strict, without rowid;
