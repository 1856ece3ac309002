package dev.holdfast.collection;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Codecs;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A document that is to be written: its id and its text. The tree, for those who look into it, is read from the text,
 * so it is what will be stored.
 */
final class DocumentInput {
    private final String id;
    private final byte[] body;
    private @Nullable ObjectNode tree;

    private DocumentInput(String id, byte[] body) {
        this.id = id;
        this.body = body;
    }

    /** A new document, with the id it has or a new one. */
    static DocumentInput of(Object value, Supplier<String> newId, CollectionLimits limits) {
        ObjectNode object = object(value);
        String id = DocumentId.in(object).orElseGet(newId);
        return withId(id, object, limits);
    }

    /** The next state of a document that has an id. */
    static DocumentInput withId(String id, ObjectNode object, CollectionLimits limits) {
        ObjectNode document = object;
        if (!object.path(DocumentId.FIELD).isString()) {
            // In front, where people look for it; in a copy, because the tree is the caller's.
            document = JsonNodeFactory.instance.objectNode().put(DocumentId.FIELD, id);
            document.setAll(object);
            document.put(DocumentId.FIELD, id);
        }
        try {
            return new DocumentInput(id, limits.requireDocument(Json.bytes(document)));
        } catch (JacksonException e) {
            throw notJson(object.getClass(), e);
        }
    }

    /** What an update makes of a document. */
    static DocumentInput updated(DocumentUpdate update, Document document, CollectionLimits limits) {
        ObjectNode next = switch (update) {
            case DocumentUpdate.Merge(ObjectNode values, Set<String> removed) -> {
                ObjectNode merged = JsonNodeFactory.instance.objectNode();
                merged.setAll(document.json());
                merged.setAll(values);
                merged.remove(removed);
                yield merged;
            }
            case DocumentUpdate.Replace(ObjectNode replacement) -> replacement;
            case DocumentUpdate.Apply(UnaryOperator<ObjectNode> function) ->
                Objects.requireNonNull(function.apply(document.json().deepCopy()), "the function returned null");
        };
        if (!DocumentId.in(next).orElse(document.id()).equals(document.id())) {
            throw idChange();
        }
        return withId(document.id(), next, limits);
    }

    static InvalidInputException idChange() {
        return new InvalidInputException("collection.id_change", "an update cannot change the id of a document");
    }

    /** The JSON object of a Java value. */
    static ObjectNode object(Object value) {
        JsonNode node = node(Objects.requireNonNull(value, "document"));
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidInputException(
                "collection.not_an_object", "a document is a JSON object (type=" + DocumentId.typeOf(node) + ")");
    }

    /** The JSON object that a codec makes of a value. */
    static <T> ObjectNode object(Codec<T> codec, T value) {
        if (codec.encoding() != Encoding.JSON) {
            throw new InvalidInputException(
                    "collection.codec", "documents are JSON, the codec writes " + codec.encoding());
        }
        return object(Json.parse(codec.encode(Objects.requireNonNull(value, "document"))));
    }

    String id() {
        return id;
    }

    byte[] body() {
        return body;
    }

    ObjectNode tree() {
        ObjectNode known = tree;
        if (known == null) {
            known = (ObjectNode) Json.parse(body);
            tree = known;
        }
        return known;
    }

    @SuppressWarnings("unchecked") // a value is of its own class
    private static JsonNode node(Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case Map<?, ?> map -> Json.parse(Codecs.json(Map.class).encode(map));
            default -> Json.parse(Codecs.json((Class<Object>) value.getClass()).encode(value));
        };
    }

    private static InvalidInputException notJson(Class<?> type, JacksonException e) {
        return new InvalidInputException(
                "collection.not_json", "the document has no JSON form (type=" + type.getName() + ")", e);
    }
}
