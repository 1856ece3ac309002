package dev.holdfast.engine;

/** A time limit passed before the work was done. The unit was rolled back; it may be run again. */
public final class TimeoutException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable code and a message that says what was wrong and what came. */
    public TimeoutException(String code, String message) {
        super(code, message);
    }

    /** The same, keeping what caused it. */
    public TimeoutException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
