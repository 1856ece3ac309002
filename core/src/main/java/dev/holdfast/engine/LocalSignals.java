package dev.holdfast.engine;

import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals inside one process. Engines that share a database with other processes extend it with a way to reach them.
 */
public class LocalSignals implements Signals {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSignals.class);

    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Signals that nobody listens to yet. */
    public LocalSignals() {}

    @Override
    public void publish(String topic) {
        deliver(topic);
    }

    @Override
    public Registration listen(Listener listener) {
        // A wrapper, so that a listener registered twice is removed once.
        Listener entry = topic -> listener.changed(topic);
        listeners.add(entry);
        return () -> listeners.remove(entry);
    }

    /**
     * Calls every listener of this process; one that fails is logged and keeps nobody from hearing, least of all the
     * committer.
     */
    protected final void deliver(String topic) {
        for (Listener listener : listeners) {
            try {
                listener.changed(topic);
            } catch (RuntimeException e) {
                LOG.error("a listener for signals failed", e);
            }
        }
    }

    /** Whether anybody listens, so that asking other processes is worth while. */
    protected final boolean hasListeners() {
        return !listeners.isEmpty();
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
