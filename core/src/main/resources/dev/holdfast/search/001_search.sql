-- What is indexed: a scope is a room's part (the keys, one collection), a prefix narrows it. An index is
-- complete unless entries that were there before it were left out.
create table {p}search_indexes (
  ns integer not null,
  index_no integer not null,
  scope text not null,
  prefix blob not null,
  fields text not null,
  tokenizer text not null,
  is_complete integer not null,
  created_at integer not null,
  primary key (ns, index_no)
) strict, without rowid;
create unique index {p}search_indexes_scope on {p}search_indexes (ns, scope, prefix);

-- The documents of an index, and the row of each in the full-text table. Row numbers are never used again.
create table {p}search_docs (
  row_no integer primary key autoincrement,
  ns integer not null,
  index_no integer not null,
  id blob not null
) strict;
create unique index {p}search_docs_id on {p}search_docs (ns, index_no, id);

-- Tokens only; "scope" holds one token that names the index. Texts are tokenised by the program, so SQLite only splits at spaces.
create virtual table {p}search_fts using fts5 (
  scope, tokens, content = '', contentless_delete = 1, tokenize = 'ascii'
);
