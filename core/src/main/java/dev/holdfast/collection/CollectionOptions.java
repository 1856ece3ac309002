package dev.holdfast.collection;

import dev.holdfast.json.Json;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What holds for all documents of a collection that are written from now on.
 *
 * @param schema the JSON Schema (draft 2020-12 unless it names another) that every document keeps when it is written;
 *     none for no rule
 */
public record CollectionOptions(Optional<JsonNode> schema) {
    private static final String SCHEMA = "schema";
    private static final String TEXT = "text";

    /** Keeps its own copy. */
    public CollectionOptions {
        Objects.requireNonNull(schema, "schema");
        schema = schema.map(JsonNode::deepCopy);
    }

    /** No rules. */
    public static CollectionOptions defaults() {
        return new CollectionOptions(Optional.empty());
    }

    /** The same with a JSON Schema. */
    public CollectionOptions withSchema(JsonNode value) {
        return new CollectionOptions(Optional.of(value));
    }

    /** The same with a JSON Schema as text. */
    public CollectionOptions withSchema(String json) {
        return withSchema(Json.parse(json));
    }

    /** The same without a JSON Schema. */
    public CollectionOptions withoutSchema() {
        return new CollectionOptions(Optional.empty());
    }

    /**
     * The stored form.
     *
     * @param text whether the collection has a full-text index
     */
    String stored(boolean text) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        schema.ifPresent(value -> json.set(SCHEMA, value));
        if (text) {
            json.put(TEXT, true);
        }
        return Json.text(json);
    }

    static CollectionOptions ofStored(JsonNode json) {
        JsonNode schema = json.path(SCHEMA);
        return schema.isMissingNode() ? defaults() : defaults().withSchema(schema);
    }

    static boolean isText(JsonNode json) {
        return json.path(TEXT).asBoolean(false);
    }
}
