package dev.holdfast.engine;

/** The input breaks a rule or a limit. Nothing was done, and the same call will never succeed. */
public final class InvalidInputException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable code and a message that says what was wrong and what came. */
    public InvalidInputException(String code, String message) {
        super(code, message);
    }

    /** The same, keeping what caused it. */
    public InvalidInputException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
