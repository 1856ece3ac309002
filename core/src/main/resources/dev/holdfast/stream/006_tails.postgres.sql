-- Where streams stand. The tail is written with every append here; on SQLite it is not.
create view {p}stream_heads as
select ns, name, id, content_type, ttl, expires_text, expires_at, first, tail, state, is_closed, closed_by, closed_epoch, closed_seq,
  last_sequence, source, source_name, fork_at, fork_sub, forks, created_at, seen, sealed
from {p}streams;
