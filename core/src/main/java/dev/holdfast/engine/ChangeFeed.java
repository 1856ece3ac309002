package dev.holdfast.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
    /** The latest tail of each name, and of each number. */
    private final ConcurrentHashMap<String, ChangeTail> byName = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<Integer, ChangeTail> byNumber = new ConcurrentHashMap<>();
    private final Set<ChangeTail> running = ConcurrentHashMap.newKeySet();
    private final ChangeTailSql sql;
    private final Signals.Registration hints;
    /** The highest number of a namespace that a hint has told. */
    private final AtomicInteger highest = new AtomicInteger();

    private volatile boolean closed;

    ChangeFeed(Database database) {
        this.database = database;
        this.sql = new ChangeTailSql(database);
        this.hints = database.engine().signals().listen(this::hint);
    }

    /** The same for a consumer that need not know when it is over. */
    public Signals.Registration follow(String namespace, String room, long after, Consumer<ChangeBatch> consumer) {
        return follow(namespace, room, after, consumer, () -> {});
    }

    /**
     * Calls the consumer for the changes of a room from now on, or from a versionstamp on. Calls come one at a time, in
     * order, on a thread that serves all followers of the namespace: the consumer must hand on and return. Nothing
     * committed after this returns is missed: what is no longer in the log when it would be read is told as a
     * {@link ChangeBatch#reset()}. A namespace that does not exist is not made; it is followed from its first change
     * on. One that is deleted is told as a reset, within two seconds, and the next one of its name is followed.
     *
     * @param after a versionstamp whose later changes are wanted, or {@link #NOW}
     * @param ended called once, on the same thread, when nothing more will come because the store is closed; not after
     *     the registration was closed
     * @throws ClosedException the store is closed
     */
    public Signals.Registration follow(
            String namespace, String room, long after, Consumer<ChangeBatch> consumer, Runnable ended) {
        while (true) {
            requireOpen();
            int ns = database.namespaces().forReading(namespace).ns();
            ChangeTail tail =
                    byName.compute(namespace, (name, have) -> have != null && have.serves(ns) ? have : begin(name));
            Signals.Registration registration = tail.follow(room, after, consumer, ended);
            if (registration != null) {
                return registration;
            }
            byName.remove(namespace, tail); // it has just ended for want of followers
        }
    }

    /** A versionstamp up to which every commit is visible now; going on from here misses nothing that comes later. */
    public long position() {
        requireOpen();
        return database.engine().readOne(sql::snapshot).horizon() - 1;
    }

    /** Ends every follower, and tells it. */
    @Override
    public void close() {
        closed = true;
        hints.close();
        running.forEach(ChangeTail::close);
    }

    /** A tail knows the number of its namespace now. */
    void found(ChangeTail tail) {
        byNumber.put(tail.ns(), tail);
    }

    /** The namespace of a tail is gone; the tail waits for the next one of its name. */
    void lost(ChangeTail tail) {
        byNumber.remove(tail.ns(), tail);
    }

    /** A tail has ended. */
    void drop(ChangeTail tail) {
        running.remove(tail);
        byName.remove(tail.namespace(), tail);
        byNumber.remove(tail.ns(), tail);
    }

    private ChangeTail begin(String namespace) {
        ChangeTail tail = new ChangeTail(database, namespace, sql, this);
        running.add(tail);
        if (closed) {
            tail.close();
        }
        tail.start();
        return tail;
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException("engine.closed", "the store is closed");
        }
    }

    private void hint(String topic) {
        Matcher known = TOPIC.matcher(topic);
        if (!known.lookingAt()) {
            running.forEach(ChangeTail::wake); // anything, or a topic that is none of ours
            return;
        }
        if (topic.indexOf('/', known.end()) > 0) {
            return; // one thing of a room that keeps no change log
        }
        int ns = Integer.parseInt(known.group(1));
        ChangeTail tail = byNumber.get(ns);
        if (tail != null) {
            tail.wake();
        }
        // A namespace that somebody waits for has a number above all earlier ones when it comes.
        if (highest.getAndAccumulate(ns, Math::max) < ns) {
            running.stream().filter(waiting -> waiting.ns() == 0).forEach(ChangeTail::wake);
        }
    }
}
