-- Streams of which something goes: keep says how much stays. Snapshotted is the offset behind the last snapshot, and compact says how many
-- units may follow it until the next one. Cut is where the oldest snapshot begins before which content still goes, and from when on; next is
-- the same of the last one.
create table {p}stream_retention (
  ns integer not null,
  stream integer not null,
  keep_millis integer,
  keep_bytes integer,
  keep_units integer,
  compact_units integer,
  snapshotted integer not null,
  cut_at integer not null,
  cut_after integer not null,
  next_at integer not null,
  next_after integer not null,
  primary key (ns, stream)
) strict, without rowid;

-- Where such a stream stood at a time, and how many bytes had been counted before.
create table {p}stream_marks (
  ns integer not null,
  stream integer not null,
  tail integer not null,
  at integer not null,
  bytes integer not null,
  primary key (ns, stream, tail)
) strict, without rowid;
