-- How much of a queue is given out at most; null: any number. Limited: 1 when one of the two is set. The last window of the rate: since when, and how
-- many jobs were claimed in it.
alter table {p}queues add column limited smallint not null default 0;
alter table {p}queues add column concurrency_max integer;
alter table {p}queues add column rate_max integer;
alter table {p}queues add column rate_millis bigint;
alter table {p}queues add column window_at bigint not null default 0;
alter table {p}queues add column window_jobs integer not null default 0;

-- What waits for its time and what is leased, apart, so that leases can be counted.
drop index {p}queue_jobs_timed;
create index {p}queue_jobs_delayed on {p}queue_jobs (ns, queue, due_at) where state = 2;
create index {p}queue_jobs_leased on {p}queue_jobs (ns, queue, due_at) where state = 3;
