package dev.holdfast.engine;

/** Another commit came first and the retries ran out. Nothing was written; the whole unit may be run again. */
public final class ConflictException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable code and a message that says what was wrong and what came. */
    public ConflictException(String code, String message) {
        super(code, message);
    }

    /** The same, keeping what caused it. */
    public ConflictException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
