-- Streams by name. Offsets count units: messages of a JSON stream, bytes of another. State: 0 alive, 1 deleted but kept for its forks, whose
-- number is in forks. A fork reads what stands before fork_at from its source, which is the number of a stream.
create table {p}streams (
  ns integer not null,
  name text collate "C" not null,
  id bigint not null generated always as identity,
  content_type text not null,
  ttl bigint,
  expires_text text,
  expires_at bigint,
  first bigint not null,
  tail bigint not null,
  state smallint not null,
  is_closed smallint not null,
  closed_by text,
  closed_epoch bigint,
  closed_seq bigint,
  last_sequence text,
  source bigint,
  source_name text,
  fork_at bigint not null,
  fork_sub bigint not null,
  forks bigint not null,
  created_at bigint not null,
  primary key (ns, name)
);
create unique index {p}streams_id on {p}streams (ns, id);
create index {p}streams_expiry on {p}streams (ns, expires_at) where expires_at is not null and state = 0;

-- What was appended, an append a row: data is the bytes, or the texts of the messages with commas between them. Ends tells where the messages
-- end when there are several. Events: some message carries the offset behind the append in its headers.
create table {p}stream_data (
  ns integer not null,
  stream bigint not null,
  start bigint not null,
  units integer not null,
  data bytea not null,
  ends bytea,
  events smallint not null,
  primary key (ns, stream, start)
);

-- The last append of each producer.
create table {p}stream_producers (
  ns integer not null,
  stream bigint not null,
  producer text collate "C" not null,
  epoch bigint not null,
  seq bigint not null,
  primary key (ns, stream, producer)
);

-- Streams that are no more, whose rows are still to be removed.
create table {p}stream_garbage (
  ns integer not null,
  stream bigint not null,
  primary key (ns, stream)
);
