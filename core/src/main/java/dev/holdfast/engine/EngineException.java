package dev.holdfast.engine;

/**
 * The database failed. Before the commit nothing was written; when the commit itself failed it may have taken effect,
 * so a caller repeats only work that may run twice.
 */
public final class EngineException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable code and a message that says what was wrong and what came. */
    public EngineException(String code, String message) {
        super(code, message);
    }

    /** The same, keeping what caused it. */
    public EngineException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
