package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import tools.jackson.databind.JsonNode;

/** The rule that the documents of a collection keep. Safe for use by many threads. */
@FunctionalInterface
interface DocumentSchema {
    /**
     * Refuses a document that breaks the rule with {@code collection.schema}; the message names places in it, never
     * values.
     */
    void check(JsonNode document);

    /**
     * Makes a JSON Schema ready.
     *
     * @throws InvalidInputException {@code collection.schema_unavailable}: the validator is not among the program's
     *     libraries; {@code collection.schema_invalid}: it is no JSON Schema
     */
    static DocumentSchema of(JsonNode schema) {
        try {
            return JsonSchemaRule.of(schema);
        } catch (NoClassDefFoundError e) {
            throw new InvalidInputException(
                    "collection.schema_unavailable",
                    "JSON Schema needs com.networknt:json-schema-validator 3 on the class path or module path",
                    e);
        }
    }
}
