package dev.holdfast.engine;

/** What a unit of work promises about itself; engines use it to choose isolation and to share commits. */
public enum UnitKind {
    /**
     * One operation of a room that reads only what it writes under its own lock. SQLite joins it with others in one
     * commit; PostgreSQL runs it READ COMMITTED.
     */
    OPERATION,
    /**
     * One operation of a room that reads one thing to decide about another. SQLite joins it with others in one commit;
     * PostgreSQL runs it SERIALIZABLE and repeats it after a conflict.
     */
    DECISION,
    /**
     * A decision that is too large to share a commit: on SQLite it has a turn of its own, without a time limit. See
     * {@link Allowance}.
     */
    ALONE,
    /** A function of the user: its own transaction with a time limit, serializable. */
    USER
}
