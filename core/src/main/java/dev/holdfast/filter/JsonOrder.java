package dev.holdfast.filter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * One total order over all JSON values, for sorting documents by their fields.
 *
 * <p>First by type: missing, null, boolean, number, string, array, object. Then by value: false before true; numbers
 * exactly, {@code {"__type":"bigint","value":"5"}} being the number 5; strings by code point; arrays element by
 * element, a shorter one first; objects by their members in the order of the names, name before value, a smaller one
 * first. Two values compare as 0 exactly when they are equal as JSON: {@code 1} and {@code 1.0} are, and so are objects
 * whose members stand in another order.
 *
 * <p>What JSON cannot say (NaN, infinities, bytes in a tree made in memory) is sorted as the string that it is printed
 * as.
 */
public final class JsonOrder {
    private static final Comparator<JsonNode> VALUES = JsonOrder::compare;

    private JsonOrder() {}

    /** The order of values. {@code reversed()} puts missing ones last. */
    public static Comparator<JsonNode> values() {
        return VALUES;
    }

    /** The order of documents by the value at a path. */
    public static Comparator<JsonNode> by(FieldPath path) {
        Objects.requireNonNull(path, "path");
        return (a, b) -> compare(path.get(a), path.get(b));
    }

    private static int compare(JsonNode a, JsonNode b) {
        int rank = rank(a);
        int byRank = Integer.compare(rank, rank(b));
        if (byRank != 0) {
            return byRank;
        }
        return switch (rank) {
            case BOOLEAN -> Boolean.compare(a.booleanValue(), b.booleanValue());
            case NUMBER -> JsonNumber.compare(a, b);
            case STRING -> Texts.compare(a.asString(), b.asString());
            case ARRAY -> compareArrays(a, b);
            case OBJECT -> compareObjects(a, b);
            default -> 0; // missing, null: there is one of each
        };
    }

    private static final int MISSING = 0;
    private static final int NULL = 1;
    private static final int BOOLEAN = 2;
    private static final int NUMBER = 3;
    private static final int STRING = 4;
    private static final int ARRAY = 5;
    private static final int OBJECT = 6;

    private static int rank(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> MISSING;
            case NULL -> NULL;
            case BOOLEAN -> BOOLEAN;
            case NUMBER -> JsonNumber.is(node) ? NUMBER : STRING;
            case STRING, BINARY, POJO -> STRING;
            case ARRAY -> ARRAY;
            case OBJECT -> JsonNumber.isTag(node) ? NUMBER : OBJECT;
        };
    }

    private static int compareArrays(JsonNode a, JsonNode b) {
        int shorter = Math.min(a.size(), b.size());
        for (int i = 0; i < shorter; i++) {
            int byElement = compare(a.path(i), b.path(i));
            if (byElement != 0) {
                return byElement;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int compareObjects(JsonNode a, JsonNode b) {
        Iterator<Map.Entry<String, JsonNode>> these = sorted(a).iterator();
        Iterator<Map.Entry<String, JsonNode>> those = sorted(b).iterator();
        while (these.hasNext() && those.hasNext()) {
            Map.Entry<String, JsonNode> member = these.next();
            Map.Entry<String, JsonNode> other = those.next();
            int byName = Texts.compare(member.getKey(), other.getKey());
            if (byName != 0) {
                return byName;
            }
            int byValue = compare(member.getValue(), other.getValue());
            if (byValue != 0) {
                return byValue;
            }
        }
        return Boolean.compare(these.hasNext(), those.hasNext());
    }

    private static List<Map.Entry<String, JsonNode>> sorted(JsonNode object) {
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(object.properties());
        members.sort((a, b) -> Texts.compare(a.getKey(), b.getKey()));
        return members;
    }
}
