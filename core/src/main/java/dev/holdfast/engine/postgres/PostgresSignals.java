package dev.holdfast.engine.postgres;

import dev.holdfast.engine.LocalSignals;
import dev.holdfast.engine.TimeSource;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Signals of a store on PostgreSQL. This process is told at once and directly; others by NOTIFY, and by polling for as
 * long as that does not work.
 *
 * <p>A payload is the id of the sending process and then the topics, one a line; without any it means that everything
 * may have changed. {@code lock} guards what is started; nobody is called under it.
 */
final class PostgresSignals extends LocalSignals {
    /** Says nothing to anybody: it only shows its sender that notifications arrive. */
    private static final String PROOF = "?";

    private static final String LINE = "\n";

    private final PostgresSource source;
    private final TimeSource time;
    private final boolean notify;
    private final String id = UUID.randomUUID().toString();
    private final PostgresPolling polling;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable PostgresNotifier notifier;
    private @Nullable PostgresListener listener;
    private @Nullable String channel;
    private boolean closed;

    /**
     * Signals that reach this process only until {@link #start}.
     *
     * @param notify whether NOTIFY is used at all
     */
    PostgresSignals(PostgresSource source, TimeSource time, boolean notify) {
        this.source = source;
        this.time = time;
        this.notify = notify;
        this.polling = new PostgresPolling(time, this::look);
    }

    /** Reaches other processes from now on. */
    void start(String channelName) {
        lock.lock();
        try {
            if (closed || channel != null) {
                return;
            }
            channel = channelName;
            if (notify) {
                notifier = new PostgresNotifier(source, time, id, channelName);
            }
        } finally {
            lock.unlock();
        }
        if (hasListeners()) {
            startListening();
        }
    }

    @Override
    public void publish(String topic) {
        super.publish(topic);
        PostgresNotifier teller = notifier;
        if (teller != null) {
            teller.tell(topic);
        }
        polling.hurry();
    }

    @Override
    public Registration listen(Listener added) {
        Registration registration = super.listen(added);
        startListening();
        polling.hurry();
        return registration;
    }

    @Override
    public void close() {
        super.close();
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        polling.stop();
        if (listener != null) {
            listener.close();
        }
        if (notifier != null) {
            notifier.close();
        }
    }

    private void startListening() {
        PostgresListener starting = null;
        lock.lock();
        try {
            if (closed || channel == null || listener != null) {
                return;
            }
            starting = new PostgresListener(source, time, channel, new Hearing());
            listener = starting;
        } finally {
            lock.unlock();
        }
        if (notify) {
            starting.start();
        } else {
            polling.start();
        }
    }

    private boolean look() {
        deliver(ANYTHING);
        return hasListeners();
    }

    /** What the listening connection does to this process. */
    private final class Hearing implements PostgresListener.Events {
        @Override
        public void hearing() {
            polling.stop();
            deliver(ANYTHING);
        }

        @Override
        public void deaf() {
            polling.start();
        }

        @Override
        public void prove() {
            PostgresNotifier teller = notifier;
            if (teller != null) {
                teller.tell(PROOF);
            }
        }

        @Override
        public void told(String payload) {
            int end = payload.indexOf(LINE);
            if (end < 0 || payload.startsWith(id + LINE)) {
                return;
            }
            if (end == payload.length() - 1) {
                deliver(ANYTHING);
                return;
            }
            for (String topic : payload.substring(end + 1).split(LINE)) {
                if (!topic.equals(PROOF)) {
                    deliver(topic);
                }
            }
        }
    }
}
