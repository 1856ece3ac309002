package dev.holdfast.engine.postgres;

import dev.holdfast.engine.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other processes tell, on a connection of its own that does nothing else; a lost one is replaced.
 *
 * <p>A connection counts as hearing once a notification has come in on it, so this process sends itself one: a pooler
 * in transaction mode takes LISTEN and then delivers nothing. One thread at a time runs the connection; only
 * {@link #close} comes from elsewhere.
 */
final class PostgresListener {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresListener.class);
    /** How long a connection may be silent before it must answer a query. */
    private static final int SILENCE_MILLIS = 10_000;

    private static final int PROOF_WAIT_MILLIS = 500;
    private static final int PROOF_WAITS = 10;
    private static final long RECONNECT_MILLIS_MIN = 100;
    private static final long RECONNECT_MILLIS_MAX = 5_000;
    /** Between attempts with connections that do not hear, which rarely changes. */
    private static final long DEAF_MILLIS = 60_000;

    private final PostgresSource source;
    private final TimeSource time;
    private final String channel;
    private final Events events;
    private volatile boolean closed;
    private volatile @Nullable Connection connection;
    private long pause = RECONNECT_MILLIS_MIN;
    private boolean deafTold;

    /**
     * Not started yet.
     *
     * @param channel an identifier that needs no quotes
     */
    PostgresListener(PostgresSource source, TimeSource time, String channel, Events events) {
        this.source = source;
        this.time = time;
        this.channel = channel;
        this.events = events;
    }

    /** Begins to listen, on a thread of its own. */
    void start() {
        Thread.ofVirtual().name("holdfast-listen").start(this::run);
    }

    /** Stops at once. */
    void close() {
        closed = true;
        Connection open = connection;
        if (open != null) {
            PostgresLoan.discard(open);
        }
    }

    /** The life of one connection. */
    private void run() {
        if (closed) {
            return;
        }
        try {
            Connection mine = source.forSignals();
            connection = mine;
            try {
                listen(mine);
            } finally {
                connection = null;
                PostgresLoan.discard(mine); // its session still listens
            }
        } catch (SQLException | RuntimeException e) {
            if (!closed) {
                LOG.warn("listening for other processes was interrupted, polling meanwhile: {}", e.getMessage());
            }
        }
        if (!closed) {
            events.deaf();
            time.after(pause, this::start);
            pause = Math.min(pause * 2, RECONNECT_MILLIS_MAX);
        }
    }

    private void listen(Connection mine) throws SQLException {
        if (!mine.isWrapperFor(PGConnection.class)) {
            deaf("the DataSource does not show the driver's connections");
            return;
        }
        mine.setNetworkTimeout(Runnable::run, PostgresSource.SIGNAL_SILENCE_MILLIS);
        execute(mine, "listen " + channel);
        PGConnection driver = mine.unwrap(PGConnection.class);
        if (!proves(driver)) {
            deaf("no notification arrived, as behind a pooler in transaction mode");
            return;
        }
        pause = RECONNECT_MILLIS_MIN;
        events.hearing();
        while (!closed) {
            if (!receive(driver, SILENCE_MILLIS)) {
                execute(mine, "select 1"); // fails when the server is gone without a word
            }
        }
    }

    private boolean proves(PGConnection driver) throws SQLException {
        events.prove();
        for (int i = 0; i < PROOF_WAITS && !closed; i++) {
            if (receive(driver, PROOF_WAIT_MILLIS)) {
                return true;
            }
        }
        return false;
    }

    private boolean receive(PGConnection driver, int waitMillis) throws SQLException {
        PGNotification @Nullable [] notifications = driver.getNotifications(waitMillis);
        if (notifications == null || notifications.length == 0) {
            return false;
        }
        for (PGNotification notification : notifications) {
            events.told(notification.getParameter());
        }
        return true;
    }

    private void deaf(String why) {
        pause = DEAF_MILLIS;
        if (!deafTold && !closed) {
            deafTold = true;
            LOG.warn("this process cannot be woken by others and polls instead: {}", why);
        }
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    /** What a listener does to those it listens for. Called on its thread, one at a time. */
    interface Events {
        /** Notifications come in from now on; what was told before may be lost. */
        void hearing();

        /** Notifications no longer come in. */
        void deaf();

        /** This process must notify itself. */
        void prove();

        /** A notification came in, its own included. */
        void told(String payload);
    }
}
