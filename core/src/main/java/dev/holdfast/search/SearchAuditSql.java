package dev.holdfast.search;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the words that the databases hold. A {@code tsvector} is compared whole. FTS5 gives nothing back, so it is
 * asked for the words in runs, and for their number.
 */
final class SearchAuditSql {
    private static final int RUN = 32;
    private static final String HELD_SQLITE = """
            select d.row_no, s.sz from {p}search_docs d left join {p}search_fts_docsize s on s.id = d.row_no
            where d.ns = ? and d.index_no = ? and d.id = ?
            """;
    private static final String HELD_POSTGRES = """
            select tokens = ?::tsvector from {p}search_docs where ns = ? and index_no = ? and id = ?
            """;

    private final boolean sqlite;
    private final String held;
    private final String run;
    private final String count;
    private final String ids;

    SearchAuditSql(Database database) {
        var tables = database.tables();
        sqlite = database.dialect() == Dialect.SQLITE;
        held = tables.sql(sqlite ? HELD_SQLITE : HELD_POSTGRES);
        run = tables.sql("select 1 from {p}search_fts where {p}search_fts match ? and rowid = ?");
        count = tables.sql("select count(*) from {p}search_docs where ns = ? and index_no = ?");
        ids = tables.sql("select id from {p}search_docs where ns = ? and index_no = ? and id > ? order by id limit "
                + Examination.PAGE);
    }

    /** What an index has of a document. */
    enum Held {
        /** Exactly its words. */
        RIGHT,
        /** Other words. */
        WRONG,
        /** Nothing. */
        MISSING
    }

    Held held(Tx tx, SearchIndex index, byte[] id, DocumentTokens tokens) {
        Optional<Boolean> right = sqlite
                ? tx.first(held, row -> new Row(row.getLong(1), row.getBytes(2)), tx.ns(), index.number(), id)
                        .map(row -> isRight(tx, index, row, tokens))
                : tx.first(held, row -> row.getBoolean(1), tokens.tsvector(), tx.ns(), index.number(), id);
        return right.map(same -> same ? Held.RIGHT : Held.WRONG).orElse(Held.MISSING);
    }

    long count(Tx tx, SearchIndex index) {
        return tx.first(count, row -> row.getLong(1), tx.ns(), index.number()).orElseThrow();
    }

    List<byte[]> ids(Tx tx, SearchIndex index, byte[] after) {
        return tx.list(ids, row -> row.getBytes(1), tx.ns(), index.number(), after);
    }

    private boolean isRight(Tx tx, SearchIndex index, Row row, DocumentTokens tokens) {
        List<String> words = tokens.tokens();
        if (row.sizes == null || words(row.sizes) != words.size()) {
            return false;
        }
        String scope = SearchSql.scopeMatch(tx.ns(), index.number());
        boolean right = true;
        for (int at = 0; right && at < words.size(); at += RUN) {
            SearchQuery phrase = new SearchQuery.Phrase(words.subList(at, Math.min(at + RUN, words.size())));
            right = has(tx, scope + " AND " + phrase.fts5("tokens"), row.number);
        }
        return right && (!words.isEmpty() || has(tx, scope, row.number));
    }

    private boolean has(Sql sql, String match, long row) {
        return sql.first(run, found -> found.getInt(1), match, row).isPresent();
    }

    /** The number of words of the second column: FTS5 keeps one number for each, seven bits a byte. */
    private static int words(byte[] sizes) {
        int column = 0;
        int value = 0;
        for (byte b : sizes) {
            value = (value << 7) | (b & 0x7f);
            if (b >= 0) {
                if (column == 1) {
                    return value;
                }
                column++;
                value = 0;
            }
        }
        return 0;
    }

    /** A document's row in the full-text table, and its numbers of words. */
    private record Row(long number, byte @Nullable [] sizes) {}
}
