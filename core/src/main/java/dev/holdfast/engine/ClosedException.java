package dev.holdfast.engine;

/** The store, transaction or handle was closed. Nothing was done; open it again. */
public final class ClosedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable code and a message that says what was wrong and what came. */
    public ClosedException(String code, String message) {
        super(code, message);
    }

    /** The same, keeping what caused it. */
    public ClosedException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
