package dev.holdfast.search;

import dev.holdfast.engine.Examination;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Compares what a full-text index holds in a snapshot with what it should hold: a room hands in every document that
 * belongs there, then asks for what else there is.
 */
public final class SearchAudit {
    private static final byte[] FIRST = {};

    private final Examination at;
    private final SearchIndex index;
    private final SearchAuditSql sql;
    private long matched;

    /** An audit of one index, in the snapshot of an examination. */
    public SearchAudit(Examination at, SearchIndex index) {
        this.at = at;
        this.index = index;
        this.sql = at.tx().database().shared(SearchAuditSql.class, SearchAuditSql::new);
    }

    /** The index. */
    public SearchIndex index() {
        return index;
    }

    /**
     * Looks for a document that belongs into the index.
     *
     * @param required whether it must be there; else it may be missing, but what is there must be right
     */
    public void expect(byte[] id, JsonNode document, boolean required) {
        SearchAuditSql.Held held = sql.held(at.tx(), index, id, SearchRoom.tokens(index, document));
        switch (held) {
            case RIGHT -> matched++;
            case WRONG -> {
                matched++;
                at.fault("the full-text index has other words than the document", "index", index.number(), "id", id);
            }
            case MISSING -> {
                if (required && index.complete()) {
                    at.fault("the full-text index misses a document", "index", index.number(), "id", id);
                }
            }
        }
    }

    /**
     * Looks for documents that do not belong into the index, after all that do were expected.
     *
     * @param belongs whether a document of this id was expected
     */
    public void finish(Predicate<byte[]> belongs) {
        if (sql.count(at.tx(), index) == matched) {
            return;
        }
        List<byte[]> page = sql.ids(at.tx(), index, FIRST);
        while (!page.isEmpty()) {
            for (byte[] id : page) {
                if (!belongs.test(id)) {
                    at.fault(
                            "the full-text index holds a document that does not belong there",
                            "index",
                            index.number(),
                            "id",
                            id);
                }
            }
            page = sql.ids(at.tx(), index, page.getLast());
        }
    }
}
