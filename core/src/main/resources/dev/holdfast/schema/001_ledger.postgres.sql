-- Which migrations this database has had. The key is also what two programs that start at once fight over.
create table {p}migrations (
  room text collate "C" not null,
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at bigint not null,
  primary key (room, number)
);
