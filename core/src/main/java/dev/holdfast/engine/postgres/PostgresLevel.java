package dev.holdfast.engine.postgres;

/**
 * The isolations that units run at, and the statement that begins a transaction with one where the session does not do
 * so by itself.
 */
enum PostgresLevel {
    /** A single operation that reads only what it writes under its own lock. */
    OPERATION("read committed", "set transaction isolation level read committed"),
    /** Reads that see one moment; never in conflict with anybody. */
    SNAPSHOT("repeatable read", "set transaction isolation level repeatable read, read only"),
    /** Whatever reads one thing to decide about another. */
    DECISION("serializable", "set transaction isolation level serializable");

    private final String setting;
    private final String statement;

    PostgresLevel(String setting, String statement) {
        this.setting = setting;
        this.statement = statement;
    }

    /** The value of PostgreSQL's {@code default_transaction_isolation} that stands for it. */
    String setting() {
        return setting;
    }

    /** The first statement of such a transaction; BEGIN travels with it. */
    String statement() {
        return statement;
    }
}
