package dev.holdfast.search;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every statement of the room, both databases side by side. */
final class SearchSql {
    private static final String MATCH_SQLITE = """
            select d.id from {p}search_fts f join {p}search_docs d on d.row_no = f.rowid
            where {p}search_fts match ? order by bm25({p}search_fts), d.id
            """;
    private static final String MATCH_POSTGRES = """
            select id from {p}search_docs where ns = ? and index_no = ? and tokens @@ ?::tsquery
            order by ts_rank(tokens, ?::tsquery) desc, id
            """;

    private final boolean sqlite;
    private final String indexes;
    private final String insertIndex;
    private final String completeIndex;
    private final String deleteIndex;
    private final String rowOf;
    private final String insertDoc;
    private final String deleteDoc;
    private final String insertTokens;
    private final String deleteTokens;
    private final String someDocs;
    private final String countDocs;
    private final String docsOfNamespace;
    private final String match;
    private final String upsertDoc;

    SearchSql(Database database) {
        var tables = database.tables();
        sqlite = database.dialect() == Dialect.SQLITE;
        indexes = tables.sql(
                "select index_no, scope, prefix, fields, tokenizer, is_complete from {p}search_indexes where ns = ?"
                        + " order by index_no");
        insertIndex =
                tables.sql("insert into {p}search_indexes (ns, index_no, scope, prefix, fields, tokenizer, is_complete,"
                        + " created_at)"
                        + " select ?, coalesce(max(index_no), 0) + 1, ?, ?, ?, ?, ?, ?"
                        + " from {p}search_indexes where ns = ?");
        completeIndex = tables.sql("update {p}search_indexes set is_complete = 1 where ns = ? and index_no = ?");
        deleteIndex = tables.sql("delete from {p}search_indexes where ns = ? and index_no = ?");
        rowOf = tables.sql("select row_no from {p}search_docs where ns = ? and index_no = ? and id = ?");
        insertDoc = tables.sql("insert into {p}search_docs (ns, index_no, id) values (?, ?, ?) returning row_no");
        deleteDoc = tables.sql("delete from {p}search_docs where ns = ? and index_no = ? and id = ?");
        insertTokens = tables.sql("insert into {p}search_fts (rowid, scope, tokens) values (?, ?, ?)");
        deleteTokens = tables.sql("delete from {p}search_fts where rowid = ?");
        someDocs = tables.sql("select id from {p}search_docs where ns = ? and index_no = ? limit ?");
        countDocs = tables.sql(
                "select count(*) from (select id from {p}search_docs where ns = ? and index_no = ? limit ?) d");
        docsOfNamespace = tables.sql("select index_no, id from {p}search_docs where ns = ? limit ?");
        match = tables.sql(sqlite ? MATCH_SQLITE : MATCH_POSTGRES);
        upsertDoc = tables.sql("insert into {p}search_docs (ns, index_no, id, tokens) values (?, ?, ?, ?::tsvector)"
                + " on conflict (ns, index_no, id) do update set tokens = excluded.tokens");
    }

    List<SearchIndex> indexes(Sql sql, int ns) {
        return sql.list(indexes, SearchSql::index, ns);
    }

    void insertIndex(Sql sql, int ns, SearchIndex index, long now) {
        sql.exec(
                insertIndex,
                ns,
                index.scope(),
                index.prefix(),
                Json.mapper().writeValueAsString(index.fields()),
                index.tokenizer().text(),
                index.complete() ? 1 : 0,
                now,
                ns);
    }

    void completeIndex(Sql sql, int ns, int number) {
        sql.exec(completeIndex, ns, number);
    }

    void deleteIndex(Sql sql, int ns, int number) {
        sql.exec(deleteIndex, ns, number);
    }

    void put(Sql sql, int ns, int index, byte[] id, DocumentTokens tokens) {
        if (sqlite) {
            long row =
                    sql.first(rowOf, found -> found.getLong(1), ns, index, id).orElse(0L);
            if (row == 0) {
                row = sql.first(insertDoc, made -> made.getLong(1), ns, index, id)
                        .orElseThrow();
            } else {
                sql.exec(deleteTokens, row);
            }
            sql.exec(insertTokens, row, scopeToken(ns, index), tokens.fts5());
        } else {
            sql.exec(upsertDoc, ns, index, id, tokens.tsvector());
        }
    }

    void remove(Sql sql, int ns, int index, byte[] id) {
        if (sqlite) {
            sql.first(rowOf, found -> found.getLong(1), ns, index, id).ifPresent(row -> sql.exec(deleteTokens, row));
        }
        sql.exec(deleteDoc, ns, index, id);
    }

    List<byte[]> someDocs(Sql sql, int ns, int index, int limit) {
        return sql.list(someDocs, row -> row.getBytes(1), ns, index, limit);
    }

    /** How many documents an index holds, counted up to a limit. */
    long countDocs(Sql sql, int ns, int index, long limit) {
        return sql.first(countDocs, row -> row.getLong(1), ns, index, limit).orElseThrow();
    }

    /** Removes up to so many documents of a namespace, whatever their index; answers how many. */
    int clearDocs(Sql sql, int ns, int limit) {
        List<Doc> some = sql.list(docsOfNamespace, row -> new Doc(row.getInt(1), row.getBytes(2)), ns, limit);
        some.forEach(doc -> remove(sql, ns, doc.index, doc.id));
        return some.size();
    }

    /** The ids of the documents that match, the most relevant first, equally relevant ones by id. */
    Stream<byte[]> match(Sql sql, int ns, int index, SearchQuery query) {
        if (sqlite) {
            String text = scopeMatch(ns, index) + " AND " + query.fts5("tokens");
            return sql.iterate(match, row -> row.getBytes(1), text);
        }
        return sql.iterate(match, row -> row.getBytes(1), ns, index, query.tsquery(), query.tsquery());
    }

    /** SQLite: what the documents of an index match. */
    static String scopeMatch(int ns, int index) {
        return "scope : " + SearchQueryText.quoted(scopeToken(ns, index));
    }

    private static String scopeToken(int ns, int index) {
        return "n" + ns + "i" + index;
    }

    private static SearchIndex index(ResultSet row) throws SQLException {
        List<String> fields = new ArrayList<>();
        Json.parse(row.getString(4)).forEach(field -> fields.add(field.stringValue()));
        return new SearchIndex(
                row.getInt(1),
                row.getString(2),
                row.getBytes(3),
                fields,
                Tokenizer.of(row.getString(5)),
                row.getInt(6) != 0);
    }

    /** Where a document stands. */
    private record Doc(int index, byte[] id) {}
}
