-- Jobs of one ordering key, one at a time: the head of a key is ready, delayed or claimed, all others of it have the state -1, behind.
alter table {p}queue_jobs add column ordering_key text;
create unique index {p}queue_jobs_head on {p}queue_jobs (ns, queue, ordering_key) where ordering_key is not null and state in (0, 2, 3);
create index {p}queue_jobs_behind on {p}queue_jobs (ns, queue, ordering_key, id) where state = -1;

-- On PostgreSQL: keys that somebody has to look at, see there. Here there is one writer, who sees all and looks at once.
create table {p}queue_turns (
  ns integer not null,
  queue text not null,
  id blob not null,
  ordering_key text not null,
  primary key (ns, queue, id)
) strict, without rowid;
