package dev.holdfast.engine;

/** The tables are not what this version expects, newer than it, or cannot be migrated. Nothing was changed. */
public final class SchemaException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable code and a message that says what was wrong and what came. */
    public SchemaException(String code, String message) {
        super(code, message);
    }

    /** The same, keeping what caused it. */
    public SchemaException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
