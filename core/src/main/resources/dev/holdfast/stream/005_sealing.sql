-- The offset before which small appends were put together: rows of stream_data whose events have 2 added hold several, with doubled lengths in
-- ends, and one more where an append ends.
alter table {p}streams add column sealed integer not null default 0;
