package dev.holdfast.engine;

/** An operation is too large to share a commit: it did nothing and runs again alone. Never leaves {@link Allowance}. */
final class OwnTurnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OwnTurnException() {
        super("the operation needs a transaction of its own", null, false, false);
    }
}
