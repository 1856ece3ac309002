package dev.holdfast.record;

import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The statements of the table that says which tables belong to which store, the same for both databases. */
final class RegistrySql {
    private final String insert;
    private final String find;
    private final String list;
    private final String any;
    private final String delete;

    RegistrySql(Tables tables) {
        this.insert = tables.sql("""
                insert into {p}record_stores (ns, name, doc_meta, records, store_meta, created_at)
                values (?, ?, ?, ?, ?, ?) on conflict do nothing""");
        this.find = tables.sql("select doc_meta, records, store_meta from {p}record_stores where ns = ? and name = ?");
        this.list = tables.sql("select name from {p}record_stores where ns = ? order by name");
        this.any = tables.sql(
                "select doc_meta, records, store_meta, name from {p}record_stores where ns = ? order by name limit 1");
        this.delete = tables.sql("delete from {p}record_stores where ns = ? and name = ?");
    }

    /** Notes a store; who does so at the same time waits and answers false. */
    boolean insert(Sql sql, int ns, String store, TableNames names, long now) {
        return sql.exec(insert, ns, store, names.docMeta(), names.records(), names.storeMeta(), now) > 0;
    }

    Optional<TableNames> find(Sql sql, int ns, String store) {
        return sql.first(find, RegistrySql::names, ns, store);
    }

    List<String> list(Sql sql, int ns) {
        return sql.list(list, row -> row.getString(1), ns);
    }

    /** One of the stores of a namespace. */
    Optional<Found> any(Sql sql, int ns) {
        return sql.first(any, row -> new Found(row.getString(4), names(row)), ns);
    }

    boolean delete(Sql sql, int ns, String store) {
        return sql.exec(delete, ns, store) > 0;
    }

    private static TableNames names(ResultSet row) throws SQLException {
        return TableNames.of(row.getString(1), row.getString(2), row.getString(3));
    }

    /** A store and its tables. */
    record Found(String store, TableNames names) {}
}
