package dev.holdfast.collection;

import dev.holdfast.filter.FieldPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The order in which a query's documents really come: its keys without those that cannot matter, then the id. It
 * depends on the query alone or is written into the cursor, never on the indexes that happen to exist, so that a cursor
 * stays right when they change.
 *
 * @param keys most important first
 * @param idDescending the direction among documents whose keys are equal
 */
record QueryOrder(List<DocumentSort> keys, boolean idDescending) {
    private static final FieldPath ID = FieldPath.of(DocumentId.FIELD);

    QueryOrder {
        keys = List.copyOf(keys);
    }

    /** By id alone. */
    static QueryOrder byId() {
        return new QueryOrder(List.of(), false);
    }

    /** From the least to the greatest value of these fields. */
    static QueryOrder ascending(List<FieldPath> paths) {
        return new QueryOrder(
                paths.stream().map(path -> new DocumentSort(path, false)).toList(), false);
    }

    /**
     * What a sort comes to.
     *
     * @param constant fields that are equal in all documents of the query
     */
    static QueryOrder of(List<DocumentSort> sort, Set<FieldPath> constant) {
        List<DocumentSort> keys = new ArrayList<>();
        boolean descending = false;
        for (DocumentSort key : sort) {
            descending = key.descending();
            if (key.path().equals(ID)) {
                break; // no two documents are alike from here on
            }
            boolean known = keys.stream().anyMatch(other -> other.path().equals(key.path()));
            if (!known && !constant.contains(key.path())) {
                keys.add(key);
            }
        }
        return new QueryOrder(keys, descending);
    }

    List<FieldPath> paths() {
        return keys.stream().map(DocumentSort::path).toList();
    }

    boolean isById() {
        return keys.isEmpty();
    }

    /** Whether all keys and the id go in the same direction, as an index does. */
    boolean isOneWay() {
        return keys.stream().allMatch(key -> key.descending() == idDescending);
    }

    /** Where a document stands. */
    Position position(Document document) {
        JsonNode json = keys.isEmpty() ? tools.jackson.databind.node.MissingNode.getInstance() : document.json();
        byte[][] values = new byte[keys.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = IndexValue.of(keys.get(i).path().get(json));
        }
        return new Position(values, document.id());
    }

    Comparator<Position> comparator() {
        return (a, b) -> {
            for (int i = 0; i < keys.size(); i++) {
                int byKey = Arrays.compareUnsigned(a.values[i], b.values[i]);
                if (byKey != 0) {
                    return keys.get(i).descending() ? -byKey : byKey;
                }
            }
            int byId = DocumentId.ORDER.compare(a.id, b.id);
            return idDescending ? -byId : byId;
        };
    }

    /**
     * The place of a document in an order.
     *
     * @param values the encodings of the keys
     * @param id its id
     */
    record Position(byte[][] values, String id) {
        /** The keys as they stand in an index, behind each other. */
        byte[] joined() {
            return IndexBytes.concat(values);
        }
    }
}
