package dev.holdfast.engine.postgres;

/**
 * An attempt whose connection turned out to be gone with its first statement, so that nothing was done: a pool finds
 * out about a session that the server has ended only when it looks, and it does not look at each loan.
 */
final class PostgresStale extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RuntimeException failure;

    /** What is thrown when there are too many of these in a row. */
    PostgresStale(RuntimeException failure) {
        super("the connection was gone", failure, false, false);
        this.failure = failure;
    }

    RuntimeException failure() {
        return failure;
    }
}
