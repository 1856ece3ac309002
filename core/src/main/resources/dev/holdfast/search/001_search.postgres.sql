-- What is indexed: a scope is a room's part (the keys, one collection), a prefix narrows it. An index is
-- complete unless entries that were there before it were left out.
create table {p}search_indexes (
  ns integer not null,
  index_no integer not null,
  scope text collate "C" not null,
  prefix bytea not null,
  fields text not null,
  tokenizer text not null,
  is_complete smallint not null,
  created_at bigint not null,
  primary key (ns, index_no)
);
create unique index {p}search_indexes_scope on {p}search_indexes (ns, scope, prefix);

-- The documents of an index with their tokens, made by the program; one token names the index.
create table {p}search_docs (
  ns integer not null,
  index_no integer not null,
  id bytea not null,
  tokens tsvector not null,
  primary key (ns, index_no, id)
);
create index {p}search_docs_tokens on {p}search_docs using gin (tokens);
