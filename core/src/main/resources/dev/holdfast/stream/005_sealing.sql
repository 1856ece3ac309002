-- The offset before which small appends were put together: rows of stream_data whose events have 2 added hold several, with doubled lengths in
-- ends, and one more where an append ends. A fork begins to have rows of its own at fork_at.
alter table {p}streams add column sealed integer not null default 0;
update {p}streams set sealed = fork_at;

-- Identity tells the store from others, so that content can be named by it, its stream and its offsets. Streams are numbered for the whole
-- store, so that one of a namespace that was made again is not taken for an earlier one.
alter table {p}stream_generation add column identity integer not null default 0;
alter table {p}stream_generation add column last_id integer not null default 0;
update {p}stream_generation set identity = random(), last_id = (select coalesce(max(last), 0) from {p}stream_numbers);
drop table {p}stream_numbers;
