package dev.holdfast.engine.postgres;

import dev.holdfast.engine.TimeSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other processes what changed. NOTIFY takes a lock of the whole server when it commits, so it is never part of a
 * unit: one sender per process tells the first hint at once and those that come within the next 10 ms together.
 *
 * <p>{@code lock} guards what waits to be told; the database is never spoken to under it. The connection belongs to the
 * sender, of which there is one at a time.
 */
final class PostgresNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresNotifier.class);
    private static final long WINDOW_MILLIS = 10;
    /** Bytes of a payload at most; the server takes 7,999. */
    private static final int PAYLOAD_BYTES_MAX = 7_900;

    private static final int TOPICS_MAX = 1_000;
    private static final String LINE = "\n";

    private final PostgresSource source;
    private final TimeSource time;
    private final String sender;
    private final String channel;
    private final ReentrantLock lock = new ReentrantLock();
    /** Changed under the lock only, read without it by everybody who commits. */
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    private boolean everything;
    private boolean sending;
    private boolean closed;
    private @Nullable Connection connection;

    PostgresNotifier(PostgresSource source, TimeSource time, String sender, String channel) {
        this.source = source;
        this.time = time;
        this.sender = sender;
        this.channel = channel;
    }

    /** Tells a topic soon; returns at once. */
    void tell(String topic) {
        if (waiting.contains(topic)) {
            return; // It has not been sent yet, so whoever hears it looks after this commit.
        }
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() >= TOPICS_MAX || topic.isEmpty() || topic.contains(LINE)) {
                everything = true;
            } else {
                waiting.add(topic);
            }
            if (!sending) {
                sending = true;
                start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops telling; what still waits is lost. */
    void close() {
        boolean idle;
        lock.lock();
        try {
            closed = true;
            idle = !sending;
            sending = true;
        } finally {
            lock.unlock();
        }
        if (idle) {
            disconnect();
        }
    }

    private void start() {
        Thread.ofVirtual().name("holdfast-notify").start(this::send);
    }

    private void send() {
        @Nullable String payload = take();
        if (payload == null) {
            return;
        }
        try {
            tellOthers(payload);
        } finally {
            time.after(WINDOW_MILLIS, this::start);
        }
    }

    /** What waits, as one payload; null ends the sender until somebody comes. */
    private @Nullable String take() {
        lock.lock();
        try {
            if (!closed) {
                if (waiting.isEmpty() && !everything) {
                    sending = false;
                    return null;
                }
                String topics = everything ? "" : String.join(LINE, waiting);
                waiting.clear();
                everything = false;
                String payload = sender + LINE + topics;
                return payload.getBytes(StandardCharsets.UTF_8).length > PAYLOAD_BYTES_MAX ? sender + LINE : payload;
            }
        } finally {
            lock.unlock();
        }
        disconnect();
        return null;
    }

    private void tellOthers(String payload) {
        try {
            notifyOthers(payload);
        } catch (SQLException e) {
            LOG.debug("a notification failed, trying once more: {}", e.getMessage());
            disconnect();
            try {
                notifyOthers(payload);
            } catch (SQLException again) {
                disconnect();
                LOG.warn("other processes could not be woken, they look by themselves: {}", again.getMessage());
            }
        }
    }

    private void notifyOthers(String payload) throws SQLException {
        Connection to = connection == null ? source.forSignals() : connection;
        connection = to;
        try (PreparedStatement statement = to.prepareStatement("select pg_notify(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.executeQuery();
        }
        if (!source.sparesSignals()) {
            disconnect();
        }
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("a connection for notifications was broken: {}", e.getMessage());
            }
        }
    }
}
