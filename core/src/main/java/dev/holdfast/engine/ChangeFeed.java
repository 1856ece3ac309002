package dev.holdfast.engine;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Those who follow the change log in this process. One reader per namespace reads each change once, however many
 * follow.
 */
public final class ChangeFeed implements AutoCloseable {
    /** Follow from what is committed from now on. */
    public static final long NOW = -1;

    /** What {@link Database#topic} makes: the number of a namespace, and a room. */
    private static final Pattern TOPIC = Pattern.compile("(\\d{1,9})/");

    private final Database database;
    private final ConcurrentHashMap<Integer, ChangeTail> tails = new ConcurrentHashMap<>();
    private final Signals.Registration hints;
    private volatile boolean closed;

    ChangeFeed(Database database) {
        this.database = database;
        this.hints = database.engine().signals().listen(this::hint);
    }

    /**
     * Calls the consumer for the changes of a room from now on, or from a versionstamp on. Calls come one at a time, in
     * order, on a thread that serves all followers of the namespace: the consumer must hand on and return. Nothing
     * committed after this returns is missed.
     *
     * @param after a versionstamp whose later changes are wanted, or {@link #NOW}
     */
    public Signals.Registration follow(String namespace, String room, long after, Consumer<ChangeBatch> consumer) {
        while (true) {
            if (closed) {
                throw new ClosedException("engine.closed", "the store is closed");
            }
            int ns = database.namespaces().forWriting(namespace).ns();
            ChangeTail tail = tails.computeIfAbsent(ns, number -> new ChangeTail(database, number, this::drop));
            Signals.Registration registration = tail.follow(room, after, consumer);
            if (registration != null) {
                return registration;
            }
            tails.remove(ns, tail); // it has just ended for want of followers
        }
    }

    /** Ends every follower. */
    @Override
    public void close() {
        closed = true;
        hints.close();
        tails.values().forEach(ChangeTail::close);
    }

    private void drop(ChangeTail tail) {
        tails.remove(tail.ns(), tail);
    }

    private void hint(String topic) {
        Matcher known = TOPIC.matcher(topic);
        if (!known.lookingAt()) {
            tails.values().forEach(ChangeTail::wake); // anything, or a topic that is none of ours
            return;
        }
        ChangeTail tail = tails.get(Integer.parseInt(known.group(1)));
        if (tail != null) {
            tail.wake();
        }
    }
}
