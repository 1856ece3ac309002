package dev.holdfast.collection;

import dev.holdfast.engine.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a watch tells: documents, no more at once than some bytes of them. */
final class WatchReader {
    /** What is told of the present documents at once ends after so many bytes, but for its last document. */
    private static final long PRESENT_BYTES = 8 << 20;
    /** What a document takes besides its body. */
    private static final int DOCUMENT_BYTES = 256;

    private final CollectionRoom room;
    private final String collection;
    private final CollectionWatchOptions options;

    WatchReader(CollectionRoom room, String collection, CollectionWatchOptions options) {
        this.room = room;
        this.collection = collection;
        this.options = options;
    }

    /** The present state of documents that may have changed. */
    Found changed(Tx tx, @Nullable CollectionState state, List<String> ids) {
        Found found = new Found(0);
        if (state == null || ids.isEmpty()) {
            return found;
        }
        List<DocumentSql.Row> rows = room.documents().first(tx, state, ids);
        rows.stream()
                .flatMap(DocumentSql.Row::documents)
                .forEach(document -> found.documents.put(document.id(), document));
        if (DocumentSql.isCut(rows)) {
            // Those that are gone look like those that were not read: they are looked at again.
            ids.forEach(id -> (found.documents.containsKey(id) ? found.ids : found.rest).add(id));
        } else {
            found.ids.addAll(ids);
        }
        return found;
    }

    /**
     * The present documents, as far as they are told; versions of all that match where the view has to know them.
     *
     * @param exists whether there is such a collection
     */
    Found present(Tx tx, boolean exists, WatchView view) {
        Found found = new Found(room.sql().position(tx));
        if (!exists) {
            return found;
        }
        DocumentQuery query = DocumentQuery.where(options.where()).sort("id");
        QueryRun run = new QueryRun(tx, room, collection, query, Optional.empty());
        long bytes = 0;
        boolean full = false;
        while (!full && run.hasNext()) {
            Document document = run.next();
            found.versions.put(document.id(), document.versionstamp().value());
            if (found.ids.size() + found.rest.size() < options.initialLimit()) {
                if (bytes < PRESENT_BYTES) {
                    found.ids.add(document.id());
                    found.documents.put(document.id(), document);
                } else {
                    found.rest.add(document.id());
                }
                bytes += DOCUMENT_BYTES + document.body().length;
            }
            full = view.isFull(found.versions.size()) && found.ids.size() + found.rest.size() == options.initialLimit();
        }
        return found;
    }

    /** What was read at once. */
    static final class Found {
        /** Everything up to here was seen; 0 when that is not known. */
        final long position;
        /** The documents that were looked at, in the order in which they are told. */
        final List<String> ids = new ArrayList<>();
        /** Those that are there. */
        final Map<String, Document> documents = new HashMap<>();
        /** Those that are to be looked at later. */
        final List<String> rest = new ArrayList<>();

        final Map<String, Long> versions = new LinkedHashMap<>();

        private Found(long position) {
            this.position = position;
        }
    }
}
