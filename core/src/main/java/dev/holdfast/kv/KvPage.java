package dev.holdfast.kv;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param entries in the order of the list
 * @param cursor what the next page is asked for with; none when there is nothing more. It stays right while entries
 *     come and go
 * @param end why the page ended here
 */
public record KvPage(List<KvEntry> entries, Optional<String> cursor, End end) {
    /** Keeps its own copy. */
    public KvPage {
        entries = List.copyOf(entries);
    }

    /** Why a page ended. */
    public enum End {
        /** There is nothing more. */
        EXHAUSTED,
        /** It is full by the number of entries. */
        COUNT,
        /** It is full by the bytes of its entries. */
        BYTES
    }
}
