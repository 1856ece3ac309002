-- How often the store was put back to an earlier state. New offsets belong to this generation: their lower 52 bits count units, what is
-- above them is the generation.
create table {p}stream_generation (
  id smallint not null primary key check (id = 1),
  generation bigint not null
);
insert into {p}stream_generation (id, generation) values (1, 0);
