package dev.holdfast.engine;

/**
 * The input is fine, but what it is about is in a state that refuses it: it is missing, closed, or somebody was there
 * first. Nothing was done; the caller looks at the state and decides anew.
 */
public abstract non-sealed class StateException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable code and a message that says what was refused and what came. */
    protected StateException(String code, String message) {
        super(code, message);
    }
}
