package dev.holdfast.collection;

import dev.holdfast.engine.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        if (state == null || ids.isEmpty()) {
            return new Found(List.of(), Map.of(), Set.of());
        }
        List<DocumentSql.Row> rows = room.documents().first(tx, state, ids);
        Map<String, Document> documents = new HashMap<>();
        rows.stream().flatMap(DocumentSql.Row::documents).forEach(found -> documents.put(found.id(), found));
        if (!DocumentSql.isCut(rows)) {
            return new Found(ids, documents, Set.of());
        }
        // Those that are gone look like those that were not read: they are looked at again.
        Set<String> rest = new HashSet<>(ids);
        rest.removeAll(documents.keySet());
        return new Found(ids.stream().filter(documents::containsKey).toList(), documents, rest);
    }

    /** Where the present documents begin: all of them, or as many as are told first. */
    Place start(boolean all) {
        return new Place(Optional.empty(), 0, all ? Integer.MAX_VALUE : options.initialLimit());
    }

    /** A part of the present documents; with the last one the versions of others that the view has to know. */
    Present present(Tx tx, Optional<CollectionState> state, Place from, WatchView view) {
        long position = room.sql().position(tx);
        List<Document> documents = new ArrayList<>();
        Map<String, Long> versions = new LinkedHashMap<>();
        if (state.isEmpty()) {
            return new Present(position, documents, versions, Optional.empty());
        }
        DocumentQuery query = DocumentQuery.where(options.where()).sort("id");
        QueryRun run = new QueryRun(tx, room, collection, query, from.after);
        long bytes = 0;
        while (run.hasNext()) {
            boolean tells = from.told + documents.size() < from.limit;
            if (tells && bytes >= PRESENT_BYTES) {
                Place next = new Place(
                        Optional.of(run.cursor(documents.getLast())), from.told + documents.size(), from.limit);
                return new Present(position, documents, versions, Optional.of(next));
            }
            if (!tells && view.isFull(from.told + versions.size())) {
                break;
            }
            Document document = run.next();
            versions.put(document.id(), document.versionstamp().value());
            if (tells) {
                documents.add(document);
                bytes += DOCUMENT_BYTES + document.body().length;
            }
        }
        return new Present(position, documents, versions, Optional.empty());
    }

    /**
     * Where a part of the present documents begins.
     *
     * @param after the last document of the part before
     * @param told how many were told
     * @param limit how many are told at most
     */
    record Place(Optional<DocumentCursor> after, int told, int limit) {
        /** The beginning, for one who is told none of them. */
        static Place untold() {
            return new Place(Optional.empty(), 0, 0);
        }
    }

    /**
     * A part of the present documents. Each part is one snapshot.
     *
     * @param position everything up to here was seen
     * @param documents those that are told, in the order of their ids
     * @param versions of these, and of others that match
     * @param next where the next part begins; none after the last one
     */
    record Present(long position, List<Document> documents, Map<String, Long> versions, Optional<Place> next) {}

    /**
     * Documents that may have changed.
     *
     * @param ids those that were looked at, in the order in which they are told
     * @param documents those that are there
     * @param rest those that are to be looked at later
     */
    record Found(List<String> ids, Map<String, Document> documents, Set<String> rest) {}
}
