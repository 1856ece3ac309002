-- Record stores: each has three tables of its own, with the columns of Kyneta's stores and without a namespace.
create table {p}record_stores (
  ns integer not null,
  name text collate "C" not null,
  doc_meta text not null,
  records text not null,
  store_meta text not null,
  created_at bigint not null,
  primary key (ns, name)
);
