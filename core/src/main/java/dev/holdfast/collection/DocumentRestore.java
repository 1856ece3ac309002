package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A document that comes back from an export.
 *
 * @param createdAt when it was inserted first; none: now
 * @param updatedAt when it was written last; none: now
 */
record DocumentRestore(DocumentInput input, Optional<Instant> createdAt, Optional<Instant> updatedAt) {
    /** Refuses a document without an id: loading it twice would make two of it. */
    static DocumentRestore of(
            JsonNode document, Optional<Instant> createdAt, Optional<Instant> updatedAt, CollectionRoom room) {
        if (!document.path(DocumentId.FIELD).isString()) {
            throw new InvalidInputException("collection.transfer", "a document of an export has an id");
        }
        return new DocumentRestore(DocumentInput.of(document, room::newId, room.limits()), createdAt, updatedAt);
    }
}
