-- Jobs of one ordering key, one at a time: the head of a key is ready, delayed or claimed, all others of it have the state -1, behind.
alter table {p}queue_jobs add column ordering_key text collate "C";
create unique index {p}queue_jobs_head on {p}queue_jobs (ns, queue, ordering_key) where ordering_key is not null and state in (0, 2, 3);
create index {p}queue_jobs_behind on {p}queue_jobs (ns, queue, ordering_key, id) where state = -1;

-- Ordering keys whose head has left or that got a job behind it, since no transaction sees what others do at the same time: whoever claims next
-- looks whether such a key has a head, and lets its next job become it.
create table {p}queue_turns (
  ns integer not null,
  queue text collate "C" not null,
  id bytea not null,
  ordering_key text collate "C" not null,
  primary key (ns, queue, id)
);
