package dev.holdfast.engine;

/**
 * The root of everything Holdfast throws on purpose. Its few kinds are sorted by what the caller does next;
 * {@link #code()} is stable and names the exact case.
 *
 * <p>Messages read {@code code: what was refused (name=value, ...)}. They never carry whole keys, values or
 * credentials.
 */
public abstract sealed class HoldfastException extends RuntimeException
        permits ClosedException,
                ConflictException,
                EngineException,
                InvalidInputException,
                SchemaException,
                StateException,
                TimeoutException {
    private static final long serialVersionUID = 1L;

    private final String code;

    HoldfastException(String code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    HoldfastException(String code, String message) {
        super(code + ": " + message);
        this.code = code;
    }

    /** The stable name of this case, such as {@code kv.key_too_large}. */
    public String code() {
        return code;
    }

    /** The message without its code, as protocols show it. */
    public String detail() {
        return String.valueOf(getMessage()).substring(code.length() + 2);
    }
}
