-- 0: nobody has looked yet whether the pattern of a subscription takes the stream.
alter table {p}streams add column seen integer not null default 0;
create index {p}streams_unseen on {p}streams (ns, id) where seen = 0;

-- Subscriptions by id; one that was deleted has an id that begins with a control character until its links are gone. Type: 0 webhook, 1 pull-wake.
-- State: 0 idle, 1 announced, 2 leased, 3 deleted. Due_at: when the lease ends, or when it is tried again.
create table {p}stream_subscriptions (
  ns integer not null,
  id text not null,
  number integer not null,
  config blob not null,
  type integer not null,
  pattern text,
  target text not null,
  address text not null,
  lease integer not null,
  description text,
  state integer not null,
  generation integer not null,
  wake_id text,
  holder text,
  due_at integer,
  attempts integer not null,
  created_at integer not null,
  primary key (ns, id)
) strict, without rowid;
create unique index {p}stream_subscriptions_number on {p}stream_subscriptions (ns, number);
create index {p}stream_subscriptions_due on {p}stream_subscriptions (ns, due_at) where due_at is not null;

-- The streams of subscriptions, and how far each was processed; -1: before its beginning. Named: 1 when it was asked for by its name.
create table {p}stream_links (
  ns integer not null,
  subscription integer not null,
  path text not null,
  named integer not null,
  acked integer not null,
  primary key (ns, subscription, path)
) strict, without rowid;
create index {p}stream_links_path on {p}stream_links (ns, path, subscription);

-- One row that is held by whoever decides which streams belong to which subscriptions.
create table {p}stream_link_turns (
  ns integer not null primary key,
  turn integer not null
) strict, without rowid;

-- What webhooks are signed with (purpose 0), and tokens (purpose 1).
create table {p}stream_keys (
  ns integer not null,
  purpose integer not null,
  kid text not null,
  secret_key blob not null,
  public_key blob not null,
  created_at integer not null,
  primary key (ns, purpose)
) strict, without rowid;
