-- 0: nobody has looked yet whether the pattern of a subscription takes the stream.
alter table {p}streams add column seen smallint not null default 0;
create index {p}streams_unseen on {p}streams (ns, id) where seen = 0;

-- Subscriptions by id; one that was deleted has an id that begins with a control character until its links are gone. Type: 0 webhook, 1 pull-wake.
-- State: 0 idle, 1 announced, 2 leased, 3 deleted. Due_at: when the lease ends, or when it is tried again.
create table {p}stream_subscriptions (
  ns integer not null,
  id text collate "C" not null,
  number bigint not null,
  config bytea not null,
  type smallint not null,
  pattern text,
  target text not null,
  address text not null,
  lease bigint not null,
  description text,
  state smallint not null,
  generation bigint not null,
  wake_id text,
  holder text,
  due_at bigint,
  attempts integer not null,
  created_at bigint not null,
  primary key (ns, id)
);
create unique index {p}stream_subscriptions_number on {p}stream_subscriptions (ns, number);
create index {p}stream_subscriptions_due on {p}stream_subscriptions (ns, due_at) where due_at is not null;

-- The streams of subscriptions, and how far each was processed; -1: before its beginning. Named: 1 when it was asked for by its name.
create table {p}stream_links (
  ns integer not null,
  subscription bigint not null,
  path text collate "C" not null,
  named smallint not null,
  acked bigint not null,
  primary key (ns, subscription, path)
);
create index {p}stream_links_path on {p}stream_links (ns, path, subscription);

-- One row that is held by whoever decides which streams belong to which subscriptions.
create table {p}stream_link_turns (
  ns integer not null primary key,
  turn bigint not null
);

-- What webhooks are signed with (purpose 0), and tokens (purpose 1).
create table {p}stream_keys (
  ns integer not null,
  purpose smallint not null,
  kid text not null,
  secret_key bytea not null,
  public_key bytea not null,
  created_at bigint not null,
  primary key (ns, purpose)
);
