package dev.holdfast.engine;

/**
 * Wake-ups: hints that something was committed. A hint may be late, doubled or lost; the database is the truth, so a
 * listener always reads, and reads now and then without being told.
 */
public interface Signals extends AutoCloseable {
    /** The topic of a hint that does not know what changed: everybody reads. */
    String ANYTHING = "";

    /**
     * Says that a topic changed, after the commit. Returns at once; other processes hear of it within tens of
     * milliseconds.
     */
    void publish(String topic);

    /**
     * Calls the listener for every hint from now on, its own process's included, until the registration is closed. It
     * is called on threads that must not block: it notes the hint and wakes somebody.
     */
    Registration listen(Listener listener);

    /** Stops listening and publishing. */
    @Override
    void close();

    /** Receives hints. */
    @FunctionalInterface
    interface Listener {
        /** A topic changed, or anything when it is {@link Signals#ANYTHING}. */
        void changed(String topic);
    }

    /** An entry that can be taken back; closing again has no effect. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
