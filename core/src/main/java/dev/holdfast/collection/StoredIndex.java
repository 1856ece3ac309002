package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.FieldPath;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * An index as it is stored.
 *
 * @param number its number within the namespace
 * @param definition what the user declared
 * @param state how far it is
 * @param builtTo the last id whose document is indexed, while it is being built
 */
record StoredIndex(long number, DocumentIndex definition, State state, String builtTo) {

    /** How far an index is. The number is stored; it never changes its meaning. */
    enum State {
        /** Writes keep it, reads cannot use it yet. */
        BUILDING(0),
        /** It has an entry for every document. */
        COMPLETE(1),
        /** Nobody uses it; its entries are being removed. */
        DROPPED(2);

        private final int number;

        State(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        static State of(int number) {
            for (State state : values()) {
                if (state.number == number) {
                    return state;
                }
            }
            throw new IllegalStateException("no state of an index has this number (number=" + number + ")");
        }
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    /** The entries of a document: one, or one for each different element. */
    TreeSet<byte[]> entries(JsonNode document) {
        TreeSet<byte[]> entries = new TreeSet<>(Arrays::compareUnsigned);
        List<FieldPath> paths = definition.paths();
        if (!definition.multi()) {
            byte[][] values = new byte[paths.size()][];
            for (int i = 0; i < values.length; i++) {
                values[i] = IndexValue.of(paths.get(i).get(document));
            }
            entries.add(IndexBytes.concat(values));
            return entries;
        }
        DocumentIndex.elements(paths.getFirst().get(document)).forEach(element -> {
            entries.add(IndexValue.of(element));
            requireElements(entries.size());
        });
        return entries;
    }

    /** What a document occupies in a unique index; nothing when a field is missing or null. */
    TreeSet<byte[]> uniqueKeys(JsonNode document) {
        TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        if (!definition.unique()) {
            return keys;
        }
        List<JsonNode> values =
                definition.paths().stream().map(path -> path.get(document)).toList();
        if (definition.multi()) {
            DocumentIndex.elements(values.getFirst())
                    .filter(element -> !element.isNull())
                    .forEach(element -> keys.add(IndexValue.uniqueKey(List.of(element))));
        } else if (values.stream().noneMatch(value -> value.isMissingNode() || value.isNull())) {
            keys.add(IndexValue.uniqueKey(values));
        }
        return keys;
    }

    private void requireElements(int elements) {
        if (elements > CollectionLimits.ELEMENTS_MAX) {
            throw new InvalidInputException(
                    "collection.elements",
                    "an array has too many different elements for an index (index=" + definition.name()
                            + ", elementsMax=" + CollectionLimits.ELEMENTS_MAX + ")");
        }
    }
}
