-- The queue into which jobs that are exhausted are enqueued as envelopes; null: they are kept as dead jobs.
alter table {p}queues add column dead_letters text;
