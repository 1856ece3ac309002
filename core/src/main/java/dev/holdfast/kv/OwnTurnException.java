package dev.holdfast.kv;

/** An operation is too large to share a commit: it did nothing and runs again alone. Never leaves the room. */
final class OwnTurnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OwnTurnException() {
        super("the operation needs a transaction of its own", null, false, false);
    }
}
