-- The offset before which small appends were put together: rows of stream_data whose events have 2 added hold several, with doubled lengths in
-- ends, and one more where an append ends.
alter table {p}streams add column sealed integer not null default 0;

-- A number that tells the store from others, so that content can be named by it, its stream and its offsets.
alter table {p}stream_generation add column identity integer not null default 0;
update {p}stream_generation set identity = random();
