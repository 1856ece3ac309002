-- How often the store was put back to an earlier state. New offsets belong to this generation: their lower 52 bits count units, what is
-- above them is the generation.
create table {p}stream_generation (
  id integer not null primary key check (id = 1),
  generation integer not null
) strict;
insert into {p}stream_generation (id, generation) values (1, 0);
