package dev.holdfast.collection;

import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Where a page ended: the order, and the place of its last document in it. Its text is base64 of JSON {@code [form,
 * order, idDescending, keys, id]}, with the keys in base64 again.
 */
record DocumentCursor(QueryOrder order, QueryOrder.Position last) {
    private static final int FORM = 1;
    private static final int PARTS = 5;
    private static final int TEXT_CHARS_MAX = 64 << 10;

    static DocumentCursor parse(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw invalid();
        }
        try {
            JsonNode parts = Json.parse(Base64.getUrlDecoder().decode(text));
            if (!parts.isArray() || parts.size() != PARTS || parts.path(0).asInt(0) != FORM) {
                throw invalid();
            }
            List<DocumentSort> keys = new ArrayList<>();
            if (parts.path(1).size() > CollectionLimits.PATHS_MAX) {
                throw invalid();
            }
            parts.path(1).forEach(key -> keys.add(DocumentSort.parse(key.stringValue())));
            byte[][] values = new byte[keys.size()][];
            for (int i = 0; i < values.length; i++) {
                values[i] = Base64.getUrlDecoder().decode(parts.path(3).path(i).stringValue());
            }
            QueryOrder order = new QueryOrder(keys, parts.path(2).booleanValue());
            return new DocumentCursor(
                    order,
                    new QueryOrder.Position(
                            values, DocumentId.require(parts.path(4).stringValue())));
        } catch (IllegalArgumentException | HoldfastException | JacksonException e) {
            throw new InvalidInputException("collection.cursor", "the cursor was not given out by this store", e);
        }
    }

    String text() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        ArrayNode keys = JsonNodeFactory.instance.arrayNode();
        order.keys().forEach(key -> keys.add(key.toString()));
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        for (byte[] value : last.values()) {
            values.add(encoder.encodeToString(value));
        }
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        parts.add(FORM).add(keys).add(order.idDescending()).add(values).add(last.id());
        return encoder.encodeToString(Json.bytes(parts));
    }

    /** The cursor, for a query that is sorted like this; one without a sort takes the cursor's. */
    DocumentCursor requireFor(DocumentQuery query, QueryOrder asked) {
        if (!query.sort().isEmpty() && !order.equals(asked)) {
            throw new InvalidInputException("collection.cursor", "the cursor belongs to a query with another sort");
        }
        return this;
    }

    private static InvalidInputException invalid() {
        return new InvalidInputException("collection.cursor", "the cursor was not given out by this store");
    }
}
