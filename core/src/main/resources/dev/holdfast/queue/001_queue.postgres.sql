-- Jobs. State: 0 ready, 1 dead, 2 delayed, 3 claimed. Due_at: when it became ready, died, becomes ready, or when its lease ends. The token is
-- raised by every claim. Backoff is the text of the retry policy; fallback holds keys, each behind its length.
create table {p}queue_jobs (
  ns integer not null,
  id bytea not null,
  queue text collate "C" not null,
  state smallint not null,
  priority smallint not null,
  due_at bigint not null,
  token bigint not null,
  attempt integer not null,
  attempts_max integer not null,
  backoff text not null,
  dead_letter smallint not null,
  fallback bytea,
  unique_key text collate "C",
  encoding smallint not null,
  value bytea not null,
  created_at bigint not null,
  error text,
  primary key (ns, id)
);
create index {p}queue_jobs_ready on {p}queue_jobs (ns, queue, priority, due_at, id) where state = 0;
create index {p}queue_jobs_timed on {p}queue_jobs (ns, queue, due_at) where state >= 2;
create index {p}queue_jobs_dead on {p}queue_jobs (ns, queue, due_at, id) where state = 1;
create unique index {p}queue_jobs_unique on {p}queue_jobs (ns, queue, unique_key) where unique_key is not null and state <> 1;

-- What was said about queues; one that has no row here is not paused.
create table {p}queues (
  ns integer not null,
  name text collate "C" not null,
  paused smallint not null,
  primary key (ns, name)
);
