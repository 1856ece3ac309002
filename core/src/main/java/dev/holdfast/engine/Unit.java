package dev.holdfast.engine;

import java.sql.Connection;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One transaction, or one unit of a shared commit, as the engine hands it to {@link Work}. One thread at a time. */
public interface Unit extends Sql {
    /** What {@link #epoch()} answers when the engine cannot tell. */
    long EPOCH_UNKNOWN = -1;

    /**
     * The JDBC connection of this transaction, for the caller's own tables. It refuses commit, rollback, close and
     * changes of its settings, and stops working when the transaction ends. Taking it makes this unit the only one of
     * its commit. On SQLite it has no generated keys: ask with {@code returning}.
     */
    Connection connection();

    /**
     * A number that changes whenever somebody outside this engine has committed since the last unit, so that everything
     * remembered about the database must be read again; {@link #EPOCH_UNKNOWN} when that cannot be told.
     */
    default long epoch() {
        return EPOCH_UNKNOWN;
    }

    /**
     * Runs a statement that is the whole of its unit: nothing comes before it and nothing after, so that an engine may
     * let it commit itself.
     *
     * @return its first row, if there is one
     */
    default <R> Optional<R> whole(String sql, RowReader<R> reader, @Nullable Object... args) {
        return first(sql, reader, args);
    }

    /** The task of this type that runs before the commit; made on first use, shared by all units of the commit. */
    <T extends CommitTask> T atCommit(Class<T> type, Supplier<T> make);

    /**
     * Runs a step that can be undone on its own: a savepoint. When it throws, what it wrote is undone and the exception
     * passes on; the unit goes on if its caller catches it.
     */
    <R> R nested(Supplier<R> step);
}
