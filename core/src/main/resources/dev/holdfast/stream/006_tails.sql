-- An append of which nothing but the tail is to be noted leaves its stream's row as it is: the tail is where the last row of the stream ends,
-- unless the stream's row tells of a later one.
create view {p}stream_heads as
select s.ns, s.name, s.id, s.content_type, s.ttl, s.expires_text, s.expires_at, s.first,
  max(s.tail, coalesce((select d.start + d.units from {p}stream_data d where d.ns = s.ns and d.stream = s.id order by d.start desc limit 1), 0))
    as tail,
  s.state, s.is_closed, s.closed_by, s.closed_epoch, s.closed_seq, s.last_sequence, s.source, s.source_name, s.fork_at, s.fork_sub, s.forks,
  s.created_at, s.seen, s.sealed
from {p}streams s;
