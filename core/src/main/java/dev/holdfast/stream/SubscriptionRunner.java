package dev.holdfast.stream;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the subscriptions of a store: looks for those behind whose cursor something stands, writes the events of those
 * that are claimed, and has webhooks called. Any number may run on one database, in one process or several: which of
 * them wakes is decided in the row of the subscription.
 *
 * <p>It looks when something was committed, when a lease ends or a try is due, and everywhere every 10 seconds and at
 * its start, so a signal that is lost makes a wake late and no more. While there are no subscriptions it listens to no
 * signals. One look
 * at a time runs on a virtual thread of its own, and each call of a webhook on another.
 *
 * <p>{@code lock} guards the timer, the registration for signals and the end; nothing is read or written under it.
 * {@code looking} is held during a look, so that closing can wait for it.
 */
public final class SubscriptionRunner implements AutoCloseable {
    /** What signals about subscriptions begin with, behind the number of the namespace. */
    static final String TOPIC = "subscription/";

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionRunner.class);
    private static final String STREAM = StreamRoom.NAME + "/";
    private static final long PAUSE_MILLIS = 10_000;
    /** How often it looks everywhere at most because of signals that do not say where. */
    private static final long ANYTHING_MILLIS = 1_000;

    /** How soon it looks again when something is due that cannot be done yet; the end of a call wakes it before. */
    private static final long STARVED_MILLIS = 1_000;

    private static final int DUE_AT_ONCE = 200;
    /** So many batches of new streams are compared with patterns before somebody is woken again. */
    private static final int BATCHES_AT_ONCE = 5;

    private static final long CLOSE_SECONDS = 5;

    private final Database database;
    private final StreamRoom room;
    private final SubscriptionCalls calls;
    private final SubscriptionMarks marks = new SubscriptionMarks();
    private final AtomicInteger asked = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock looking = new ReentrantLock();
    private final Runnable subscribed = this::everywhere;
    /** The namespaces with subscriptions by their numbers, as they were when all were looked at. */
    private volatile Map<Integer, String> places = Map.of();
    /** When something is due in which namespace; used by the look alone. */
    private final Map<Integer, Long> due = new HashMap<>();

    private TimeSource.@Nullable Timer timer;
    private Signals.@Nullable Registration signals;
    /** By the store's clock; used by the look alone. */
    private long lookedEverywhereAt;

    private boolean anythingLeft;
    /** The last look came to no end; used by the look alone. */
    private boolean failed;

    private volatile boolean closed;

    private SubscriptionRunner(Database database, WebhookSender sender, int callsMax) {
        this.database = database;
        this.room = StreamRoom.of(database);
        this.calls = new SubscriptionCalls(room, sender, callsMax, this::ask);
    }

    /**
     * Begins to wake, until it is closed. The sender outlives it.
     *
     * @param callsMax calls of webhooks at once, 1 or more; others wait for their turn, without a lease
     */
    public static SubscriptionRunner start(Database database, WebhookSender sender, int callsMax) {
        if (callsMax < 1) {
            throw SubscriptionSpec.invalid("a runner calls one webhook at a time or more (callsMax=" + callsMax + ")");
        }
        SubscriptionRunner runner = new SubscriptionRunner(database, sender, callsMax);
        // What others make is seen within a pause; what is made here is told, so that the first wake is not late.
        runner.room.whenSubscribed(runner.subscribed);
        runner.ask();
        return runner;
    }

    private void everywhere() {
        marks.everywhere();
        ask();
    }

    private void hint(String topic) {
        if (topic.equals(Signals.ANYTHING)) {
            marks.anything();
        } else if (!note(topic)) {
            return;
        }
        ask();
    }

    /** Notes what a signal is about; false when that concerns nobody here. */
    private boolean note(String topic) {
        int begin = topic.indexOf('/') + 1;
        if (topic.startsWith(STREAM, begin)) {
            int ns = Integer.parseInt(topic, 0, begin - 1, 10);
            if (!places.containsKey(ns)) {
                return false;
            }
            marks.stream(ns, number(topic, begin + STREAM.length()));
            return true;
        }
        if (topic.startsWith(TOPIC, begin)) {
            int ns = Integer.parseInt(topic, 0, begin - 1, 10);
            if (places.containsKey(ns)) {
                marks.subscription(ns, number(topic, begin + TOPIC.length()));
            } else {
                marks.everywhere();
            }
            return true;
        }
        return false;
    }

    private static long number(String topic, int begin) {
        return Long.parseLong(topic, begin, topic.length(), 10);
    }

    /** Has it look soon; one look at a time, and one more if somebody asks meanwhile. */
    private void ask() {
        if (!closed && asked.getAndIncrement() == 0) {
            Thread.ofVirtual().name("holdfast-subscriptions").start(this::looks);
        }
    }

    private void looks() {
        int seen;
        do {
            seen = asked.get();
            looking.lock();
            try {
                failed = false;
                if (!closed) {
                    look();
                }
            } catch (ClosedException e) {
                LOG.debug("the store was closed while subscriptions were looked at");
            } catch (RuntimeException e) {
                LOG.warn("looking at subscriptions failed, trying again later", e);
                failed = true;
                marks.everywhere();
            } finally {
                looking.unlock();
            }
            schedule();
        } while (!asked.compareAndSet(seen, 0));
    }

    private void look() {
        calls.look();
        SubscriptionMarks.Taken taken = marks.take();
        long now = database.time().millis();
        Map<Integer, SubscriptionMarks.Marks> where = new HashMap<>(taken.places());
        long since = now - lookedEverywhereAt;
        boolean all = taken.everywhere() || since >= PAUSE_MILLIS || (taken.anything() && since >= ANYTHING_MILLIS);
        anythingLeft = taken.anything() && !all;
        if (anythingLeft) {
            marks.anything();
        }
        if (all) {
            places = findPlaces();
            // Before the tables are looked at: what is committed from now on is told, what was before is seen.
            listenIf(!places.isEmpty());
            lookedEverywhereAt = now;
            due.keySet().retainAll(places.keySet());
            places.keySet().forEach(ns -> where.put(ns, SubscriptionMarks.Marks.whole()));
        }
        due.forEach((ns, at) -> {
            if (at <= now) {
                where.putIfAbsent(ns, new SubscriptionMarks.Marks());
            }
        });
        where.forEach(this::lookAt);
    }

    private void listenIf(boolean any) {
        lock.lock();
        try {
            if (any && signals == null && !closed) {
                signals = database.engine().signals().listen(this::hint);
            } else if (!any && signals != null) {
                signals.close();
                signals = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private Map<Integer, String> findPlaces() {
        Map<Integer, String> found = new HashMap<>();
        database.session(Namespaces.DEFAULT)
                .readOne(tx -> room.subscriptionSql().places(tx))
                .forEach(place -> found.put(place.ns(), place.name()));
        return Map.copyOf(found);
    }

    private void lookAt(int ns, SubscriptionMarks.Marks what) {
        String name = places.get(ns);
        if (name == null || closed) {
            return;
        }
        try {
            // The namespace of this number alone: one that was deleted must not come to life again.
            Session session = database.present(name);
            boolean more =
                    session.readOne(tx -> tx.ns() == ns && room.subscriptions().hasNew(tx)) && linkNew(session);
            if (session.readOne(Tx::ns) == ns) {
                boolean all = true;
                for (SubscriptionSql.Candidate candidate : candidates(session, what)) {
                    all &= attempt(session, ns, candidate);
                }
                OptionalLong next = session.readOne(tx -> room.subscriptionSql().nextDue(tx, tx.ns()));
                due.remove(ns);
                next.ifPresent(at -> due.put(ns, at));
                if (!all) {
                    due.put(ns, database.time().millis() + PAUSE_MILLIS);
                } else if (more) {
                    due.put(ns, database.time().millis());
                }
            }
        } catch (ClosedException e) {
            throw e;
        } catch (InvalidInputException e) {
            LOG.debug("a namespace with subscriptions is being deleted (namespace={})", name, e);
            due.remove(ns);
        } catch (RuntimeException e) {
            LOG.warn("looking at subscriptions failed, trying again later (namespace={})", name, e);
            due.put(ns, database.time().millis() + PAUSE_MILLIS);
        }
    }

    /** Wakes one; the others are woken even if that fails. */
    private boolean attempt(Session session, int ns, SubscriptionSql.Candidate candidate) {
        try {
            wake(session, ns, candidate);
            return true;
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("waking a subscription failed, trying again later", e);
            return false;
        }
    }

    /** Compares streams that have appeared with patterns, the newest first; answers whether others are left. */
    private boolean linkNew(Session session) {
        boolean more = true;
        for (int i = 0; more && i < BATCHES_AT_ONCE; i++) {
            more = session.write(UnitKind.OPERATION, room.subscriptions()::linkNew);
        }
        return more;
    }

    private List<SubscriptionSql.Candidate> candidates(Session session, SubscriptionMarks.Marks what) {
        return session.read(tx -> {
            SubscriptionSql sql = room.subscriptionSql();
            Set<SubscriptionSql.Candidate> found = new HashSet<>(sql.due(tx, tx.ns(), tx.now(), DUE_AT_ONCE));
            if (what.all()) {
                found.addAll(sql.pending(tx, tx.ns(), tx.now()));
            }
            what.streams.forEach(stream -> found.addAll(sql.pendingIn(tx, tx.ns(), stream, tx.now())));
            what.subscriptions.forEach(number -> found.addAll(sql.idle(tx, tx.ns(), number)));
            return new ArrayList<>(found);
        });
    }

    private void wake(Session session, int ns, SubscriptionSql.Candidate candidate) {
        if (candidate.pull()) {
            room.wakes().write(session, (tx, wakes) -> wakes.wake(tx, candidate.id()));
            return;
        }
        if (!closed && !calls.wake(session, candidate.id())) {
            // For the next look, which comes when a call has ended.
            marks.subscription(ns, candidate.number());
        }
    }

    /** Has it look again when the next thing is due. */
    private void schedule() {
        long now = database.time().millis();
        long next = due.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        if (anythingLeft) {
            next = Math.min(next, lookedEverywhereAt + ANYTHING_MILLIS);
        }
        long least = calls.starved() ? STARVED_MILLIS : 1;
        // What is due stays due while looks fail.
        long pause = failed ? PAUSE_MILLIS : Math.clamp(next - now, least, PAUSE_MILLIS);
        lock.lock();
        try {
            if (timer != null) {
                timer.cancel();
            }
            timer = closed ? null : database.time().after(pause, this::ask);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Wakes nobody any more. Waits up to 5 seconds for a look, and for webhooks that are being called: close the sender
     * first to cut them short. What was under way is woken again by another one, or after a start.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (timer != null) {
                timer.cancel();
            }
            if (signals != null) {
                signals.close();
                signals = null;
            }
        } finally {
            lock.unlock();
        }
        room.notSubscribed(subscribed);
        try {
            if (looking.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                looking.unlock();
            }
            calls.end(CLOSE_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
