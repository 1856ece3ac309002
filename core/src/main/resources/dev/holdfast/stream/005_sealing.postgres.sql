-- The offset before which small appends were put together: rows of stream_data whose events have 2 added hold several, with doubled lengths in
-- ends, and one more where an append ends. A fork begins to have rows of its own at fork_at.
alter table {p}streams add column sealed bigint not null default 0;
update {p}streams set sealed = fork_at;

-- Identity tells the store from others, so that content can be named by it, its stream and its offsets.
alter table {p}stream_generation add column identity bigint not null default 0;
update {p}stream_generation set identity = (random() * 9e18)::bigint;
