package dev.holdfast.engine;

/** Something that is written once per commit, however many units share it: the change log and the versionstamp. */
public interface CommitTask {
    /**
     * Runs as the last statements before COMMIT. When it fails, the commit fails and every unit of it is run again
     * alone.
     */
    void beforeCommit(Sql sql);

    /**
     * Told what became of the commit, before any other unit of the engine can write: for what is remembered about the
     * database. An engine that cannot promise that tells nothing, and answers {@link Unit#EPOCH_UNKNOWN}.
     */
    default void ended(boolean committed) {}
}
