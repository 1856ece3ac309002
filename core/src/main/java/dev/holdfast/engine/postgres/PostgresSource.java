package dev.holdfast.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. */
sealed interface PostgresSource extends AutoCloseable permits PostgresPools, PostgresGiven {
    /** How long a connection for signals waits for an answer. */
    int SIGNAL_SILENCE_MILLIS = 20_000;

    /**
     * A connection for units of a level, with auto-commit on. Waits for one as long as the source is told to.
     *
     * @throws dev.holdfast.engine.TimeoutException all stayed in use
     * @throws dev.holdfast.engine.EngineException the server cannot be reached
     */
    PostgresLoan lend(PostgresLevel level);

    /** Whether sessions lent for a level begin their transactions with it by themselves. */
    boolean begins(PostgresLevel level);

    /**
     * A connection for signals. A wait on it ends by itself when the server is silent for longer than
     * {@link #SIGNAL_SILENCE_MILLIS}.
     */
    Connection forSignals() throws SQLException;

    /**
     * Whether connections for signals are opened for them alone, so that they may keep one for as long as they like.
     */
    boolean sparesSignals();

    /** Closes what the source opened. */
    @Override
    void close();
}
