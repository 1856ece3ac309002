-- How often the store was put back to an earlier state. New offsets belong to this generation: their lower 52 bits count units, what is
-- above them is the generation.
create table {p}stream_generation (
  id smallint not null primary key check (id = 1),
  generation bigint not null
);
insert into {p}stream_generation (id, generation) values (1, 0);

-- The number first: a table without statistics is otherwise searched for a name by the namespace alone, since that index looks as good as the
-- primary key.
drop index {p}streams_id;
create unique index {p}streams_id on {p}streams (id, ns);
