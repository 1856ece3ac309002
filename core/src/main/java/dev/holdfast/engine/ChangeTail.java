package dev.holdfast.engine;

import dev.holdfast.engine.ChangeTailSql.Page;
import dev.holdfast.engine.ChangeTailSql.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the change log of one namespace and hands it to its followers.
 *
 * <p>On PostgreSQL a commit may become visible after one with a higher versionstamp. So each round reads what the
 * previous round's snapshot could not see: the changes of transactions that were running then, and those of later ones.
 * That is every change once, whatever the order of commits, and a transaction that runs for long delays nobody. On
 * SQLite it is everything above the highest versionstamp.
 *
 * <p>{@code lock} guards who belongs to the tail and the wish to run; nothing is read from the database and nobody is
 * called under it.
 */
final class ChangeTail {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeTail.class);
    private static final int PAGE_ROWS = 1_000;
    private static final long POLL_MILLIS = 500;

    private final Database database;
    private final String namespace;
    private final ChangeTailSql sql;
    private final ChangeFeed feed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();
    private final CopyOnWriteArrayList<Follower> followers = new CopyOnWriteArrayList<>();
    private final List<Follower> joining = new ArrayList<>();

    /** What was handed out; the reading thread's own, like the round. */
    private @Nullable ChangeSnapshot seen;

    private @Nullable Round round;
    /** Followers that have not left, on their way in included. */
    private int members;

    private boolean woken;
    private boolean ended;
    /** The number of the namespace; 0 while there is none of this name. */
    private volatile int ns;

    ChangeTail(Database database, String namespace, ChangeTailSql sql, ChangeFeed feed) {
        this.database = database;
        this.namespace = namespace;
        this.sql = sql;
        this.feed = feed;
    }

    void start() {
        Thread.ofVirtual().name("holdfast-changes").start(this::run);
    }

    String namespace() {
        return namespace;
    }

    int ns() {
        return ns;
    }

    /** Whether this is the tail of the namespace that has a number now. */
    boolean serves(int number) {
        return ns == 0 || ns == number;
    }

    /** Adds a follower, or answers null when this tail has just ended for want of followers. */
    Signals.@Nullable Registration follow(String room, long after, Consumer<ChangeBatch> consumer, Runnable whenEnded) {
        Follower follower = after == ChangeFeed.NOW
                ? new Follower(room, snapshot(), consumer, whenEnded)
                : new Follower(room, after, consumer, whenEnded);
        lock.lock();
        try {
            if (ended) {
                return null;
            }
            joining.add(follower);
            members++;
            woken = true;
            wish.signal();
        } finally {
            lock.unlock();
        }
        return () -> leave(follower);
    }

    void wake() {
        lock.lock();
        try {
            woken = true;
            wish.signal();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            ended = true;
            wish.signal();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Follower follower) {
        lock.lock();
        try {
            if (follower.gone) {
                return;
            }
            follower.gone = true;
            joining.remove(follower);
            followers.remove(follower);
            if (--members == 0) {
                ended = true;
                wish.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            List<Follower> newcomers = new ArrayList<>();
            while (await(newcomers)) {
                try {
                    round(newcomers);
                } catch (ClosedException e) {
                    LOG.debug("the store was closed under those who follow the change log");
                    return;
                } catch (RuntimeException | Error e) {
                    LOG.warn("reading the change log failed, trying again", e);
                    rejoin(newcomers);
                }
                newcomers.clear();
            }
        } finally {
            end();
        }
    }

    private void round(List<Follower> newcomers) {
        if (ns != 0 && database.namespaces().forReading(namespace).ns() != ns) {
            lose();
        }
        if (ns == 0 && !find()) {
            rejoin(newcomers);
            return;
        }
        readOn();
        for (Follower newcomer : newcomers) {
            catchUp(newcomer);
            followers.add(newcomer);
            if (newcomer.gone) {
                followers.remove(newcomer);
            }
        }
    }

    /** Whether there is a namespace of this name by now. Until then nobody has been handed anything. */
    private boolean find() {
        ns = database.namespaces().forReading(namespace).ns();
        if (ns != 0) {
            feed.found(this);
        }
        return ns != 0;
    }

    /** The namespace was deleted: everybody is told anew, and follows the next one of this name. */
    private void lose() {
        feed.lost(this);
        ns = 0;
        seen = null;
        round = null;
        reset();
    }

    private void reset() {
        followers.forEach(follower -> follower.accept(List.of(), true, 0));
    }

    /** Tells everybody who is still here that it is over. */
    private void end() {
        feed.drop(this);
        List<Follower> left = new ArrayList<>();
        lock.lock();
        try {
            ended = true;
            left.addAll(joining);
            joining.clear();
        } finally {
            lock.unlock();
        }
        left.addAll(followers);
        left.forEach(Follower::end);
    }

    /** Waits for a hint, or for the time to look without one; false when the tail has ended. */
    private boolean await(List<Follower> newcomers) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
            while (!woken && !ended && left > 0) {
                left = wish.awaitNanos(left);
            }
            woken = false;
            newcomers.addAll(joining);
            joining.clear();
            return !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void rejoin(List<Follower> newcomers) {
        lock.lock();
        try {
            newcomers.removeIf(newcomer -> newcomer.gone || followers.contains(newcomer));
            joining.addAll(newcomers);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads what is new and hands it to everybody who is already following. After a failure it goes on where it
     * stopped.
     */
    private void readOn() {
        if (seen == null) {
            seen = snapshot();
            // What was written before this is not read; whoever follows already has lost another namespace.
            reset();
        }
        ChangeSnapshot before = seen;
        boolean more = true;
        while (more) {
            Place from = round == null ? new Place(before.horizon(), 0) : round.next;
            Page page = database.engine().readOne(unit -> sql.unseen(unit, ns, before, from, PAGE_ROWS));
            // What only a later page's snapshot can see belongs to the next round.
            ChangeSnapshot upTo = round == null ? page.snapshot() : round.upTo;
            boolean lost = before.misses(from.versionstamp(), page.floor(), upTo);
            more = page.changes().size() == PAGE_ROWS;
            round = new Round(upTo, more ? Place.after(page.changes().getLast()) : from);
            List<Change> fresh = page.changes().stream()
                    .filter(change -> upTo.sees(change.versionstamp()))
                    .toList();
            long position = positionAfter(page, upTo);
            followers.forEach(follower -> follower.accept(fresh, lost, position));
        }
        seen = Objects.requireNonNull(round, "round").upTo;
        round = null;
    }

    /** Brings a newcomer to where everybody is, from the log. After a failure it goes on where it stopped. */
    private void catchUp(Follower newcomer) {
        ChangeSnapshot upTo = Objects.requireNonNull(seen, "seen");
        boolean more = true;
        while (more) {
            Place from = newcomer.next;
            Page page = database.engine().readOne(unit -> missed(unit, newcomer, from));
            more = page.changes().size() == PAGE_ROWS;
            // The rest comes to everybody with the next round.
            List<Change> missed = page.changes().stream()
                    .filter(change -> upTo.sees(change.versionstamp()))
                    .toList();
            if (more) {
                newcomer.next = Place.after(page.changes().getLast());
            }
            newcomer.accept(missed, newcomer.lost(from, page, upTo), positionAfter(page, upTo));
        }
    }

    private Page missed(Unit unit, Follower newcomer, Place from) {
        return newcomer.before == null
                ? sql.page(unit, ns, from, PAGE_ROWS)
                : sql.unseen(unit, ns, newcomer.before, from, PAGE_ROWS);
    }

    /** From where a follower goes on that got a page: as long as there are more, not beyond them. */
    private static long positionAfter(Page page, ChangeSnapshot upTo) {
        return page.changes().size() < PAGE_ROWS
                ? upTo.horizon()
                : Math.min(upTo.horizon(), page.changes().getLast().versionstamp());
    }

    private ChangeSnapshot snapshot() {
        return database.engine().readOne(sql::snapshot);
    }

    /** A round that is not finished: what it hands out, and where its next page begins. */
    private record Round(ChangeSnapshot upTo, Place next) {}

    /** One who follows a room. */
    private static final class Follower {
        private final String room;
        private final Consumer<ChangeBatch> consumer;
        /** What was committed when it came, for one who wants what comes after. */
        private final @Nullable ChangeSnapshot before;

        private final Runnable whenEnded;
        /** Where its catching up goes on; the reading thread's own. */
        private Place next;

        private volatile boolean gone;

        Follower(String room, long after, Consumer<ChangeBatch> consumer, Runnable whenEnded) {
            this(room, null, new Place(after + 1, 0), consumer, whenEnded);
        }

        Follower(String room, ChangeSnapshot before, Consumer<ChangeBatch> consumer, Runnable whenEnded) {
            this(room, before, new Place(before.horizon(), 0), consumer, whenEnded);
        }

        private Follower(
                String room,
                @Nullable ChangeSnapshot before,
                Place next,
                Consumer<ChangeBatch> consumer,
                Runnable whenEnded) {
            this.room = room;
            this.before = before;
            this.next = next;
            this.consumer = consumer;
            this.whenEnded = whenEnded;
        }

        /** Whether changes that it wants, and that a page from a place on should hold, were pruned before. */
        boolean lost(Place from, Page page, ChangeSnapshot upTo) {
            return before == null
                    ? from.versionstamp() <= page.floor()
                    : before.misses(from.versionstamp(), page.floor(), upTo);
        }

        void end() {
            if (!gone) {
                try {
                    whenEnded.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("a follower of the change log failed at its end; the others go on", e);
                }
            }
        }

        void accept(List<Change> changes, boolean reset, long position) {
            List<Change> mine = changes.stream()
                    .filter(change -> change.room().equals(room))
                    .toList();
            if (!gone && (reset || !mine.isEmpty())) {
                try {
                    consumer.accept(new ChangeBatch(mine, reset, position - 1));
                } catch (RuntimeException | Error e) {
                    LOG.error("a follower of the change log failed; the others go on", e);
                }
            }
        }
    }
}
