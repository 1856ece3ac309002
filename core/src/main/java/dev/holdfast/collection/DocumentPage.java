package dev.holdfast.collection;

import java.util.List;
import java.util.Optional;

/**
 * A part of what a query finds.
 *
 * @param documents in the order of the query
 * @param cursor what the next page is asked for with; none when there is nothing more. It stays right while documents
 *     come, go and change
 * @param end why the page ended here
 */
public record DocumentPage(List<Document> documents, Optional<String> cursor, End end) {
    /** Keeps its own copy. */
    public DocumentPage {
        documents = List.copyOf(documents);
    }

    /** Why a page ended. */
    public enum End {
        /** There is nothing more. */
        EXHAUSTED,
        /** It is full by the number of documents. */
        COUNT,
        /** It is full by the bytes of its documents. */
        BYTES
    }
}
