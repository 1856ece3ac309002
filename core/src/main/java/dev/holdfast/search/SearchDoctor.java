package dev.holdfast.search;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.HoldfastException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Examines the tables of the full-text indexes. Whether an index holds what it should is for the room to say whose
 * documents they are; it uses {@link SearchAudit}.
 */
public final class SearchDoctor {
    private static final List<String> TABLES = List.of("{p}search_indexes", "{p}search_docs");
    private static final String WITHOUT_WORDS = """
            select d.ns, d.index_no, d.row_no from {p}search_docs d
            where not exists (select 1 from {p}search_fts_docsize s where s.id = d.row_no)
            """;
    private static final String WORDS_ALONE = """
            select s.id from {p}search_fts_docsize s
            where not exists (select 1 from {p}search_docs d where d.row_no = s.id)
            """;
    private static final String OF_NO_INDEX = """
            select index_no, count(*) from {p}search_docs where ns = ?
              and index_no not in (select index_no from {p}search_indexes where ns = ?)
            group by index_no order by index_no
            """;

    private SearchDoctor() {}

    /** The tables of the room whose rows belong to a namespace. */
    public static List<String> tables() {
        return TABLES;
    }

    /** Examines what belongs to no single namespace: on SQLite, that documents and their words stand side by side. */
    public static void examineStore(Database database, Consumer<Finding> out) {
        if (database.dialect() == Dialect.POSTGRES) {
            return; // words stand in the row of their document
        }
        database.engine().read(sql -> {
            sql.list(
                            database.tables().sql(WITHOUT_WORDS),
                            row -> "a document of a full-text index has no words (ns=" + row.getInt(1) + ", index="
                                    + row.getInt(2) + ", row=" + row.getLong(3) + ")")
                    .forEach(text -> out.accept(Finding.fault(SearchRoom.NAME, text)));
            sql.list(
                            database.tables().sql(WORDS_ALONE),
                            row -> "the words of a full-text index belong to no document (row=" + row.getLong(1) + ")")
                    .forEach(text -> out.accept(Finding.fault(SearchRoom.NAME, text)));
            return sql;
        });
    }

    /** Examines the indexes of a namespace. */
    public static void examine(Examination at) {
        int ns = at.tx().ns();
        at.tx()
                .list(
                        at.tx().database().tables().sql(OF_NO_INDEX),
                        row -> new long[] {row.getLong(1), row.getLong(2)},
                        ns,
                        ns)
                .forEach(found -> at.fault(
                        "documents belong to a full-text index that does not exist",
                        "index",
                        found[0],
                        "rows",
                        found[1]));
    }

    /** The indexes of a scope; none, and a finding, when one of them cannot be read. */
    public static List<SearchIndex> indexes(Examination at, String scope) {
        try {
            return SearchRoom.of(at.tx().database()).indexes(at.tx(), scope);
        } catch (HoldfastException e) {
            at.fault("the definition of a full-text index cannot be read: " + e.detail(), "scope", scope);
            return List.of();
        }
    }

    /** The scopes that begin so and have an index. */
    public static List<String> scopes(Examination at, String beginning) {
        return at
                .tx()
                .list(
                        at.tx().database().tables().sql("select distinct scope from {p}search_indexes where ns = ?"),
                        row -> row.getString(1),
                        at.tx().ns())
                .stream()
                .filter(scope -> scope.startsWith(beginning))
                .toList();
    }
}
