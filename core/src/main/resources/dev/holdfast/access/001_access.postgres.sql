-- Who may use the store over the network. Of a token only its hash is kept. The namespace 0 stands for all of them.
create table {p}tokens (
  ns integer not null,
  id text collate "C" not null,
  hash bytea not null,
  name text not null,
  scopes text not null,
  grants text not null,
  created_at bigint not null,
  expires_at bigint,
  primary key (ns, id)
);
create unique index {p}tokens_hash on {p}tokens (hash);
