package dev.holdfast.search;

import java.util.Arrays;
import java.util.List;

/**
 * A full-text index.
 *
 * @param number its number within the namespace
 * @param scope the part of a room that it belongs to
 * @param prefix what its documents' ids begin with, in the room's own bytes; shared, not to be modified
 * @param fields dotted paths of the indexed fields, 1 to 32
 * @param tokenizer how texts become words
 * @param complete whether it holds every document that belongs there; else those that were written since it was made
 */
public record SearchIndex(
        int number, String scope, byte[] prefix, List<String> fields, Tokenizer tokenizer, boolean complete) {
    /** Keeps its own copy of the fields. */
    public SearchIndex {
        fields = List.copyOf(fields);
    }

    /** Indexes are equal when they have the same number and definition. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SearchIndex that
                && number == that.number
                && scope.equals(that.scope)
                && Arrays.equals(prefix, that.prefix)
                && fields.equals(that.fields)
                && tokenizer == that.tokenizer
                && complete == that.complete;
    }

    @Override
    public int hashCode() {
        return 31 * number + scope.hashCode();
    }

    @Override
    public String toString() {
        return "SearchIndex[number=" + number + ", scope=" + scope + ", fields=" + fields + ", tokenizer=" + tokenizer
                + "]";
    }
}
