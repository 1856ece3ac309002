-- Which migrations this database has had. The key is also what two programs that start at once fight over.
create table {p}migrations (
  room text not null,
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at integer not null,
  primary key (room, number)
) strict, without rowid;
