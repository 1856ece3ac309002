package dev.holdfast.collection;

/**
 * A statement was made for a version of its collection that is not the present one, and did nothing. Never leaves the
 * room.
 */
final class StaleStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StaleStateException() {
        super("the collection has another version", null, false, false);
    }
}
