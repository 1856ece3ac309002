-- Streams of which something goes: keep says how much stays. Snapshotted is the offset behind the last snapshot, and compact says how many
-- units may follow it until the next one. Cut is where the oldest snapshot begins before which content still goes, and from when on; next is
-- the same of the last one.
create table {p}stream_retention (
  ns integer not null,
  stream bigint not null,
  keep_millis bigint,
  keep_bytes bigint,
  keep_units bigint,
  compact_units bigint,
  snapshotted bigint not null,
  cut_at bigint not null,
  cut_after bigint not null,
  next_at bigint not null,
  next_after bigint not null,
  primary key (ns, stream)
);

-- Where such a stream stood at a time, and how many bytes had been counted before.
create table {p}stream_marks (
  ns integer not null,
  stream bigint not null,
  tail bigint not null,
  at bigint not null,
  bytes bigint not null,
  primary key (ns, stream, tail)
);
