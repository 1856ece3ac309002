package dev.holdfast.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
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
 * <p>On PostgreSQL a commit may become visible after one with a higher versionstamp. So each round reads again from the
 * horizon: the lowest versionstamp that a transaction still running at the previous round could carry. What was handed
 * out already is remembered for as long as it lies above the horizon. On SQLite everything below the last versionstamp
 * read is visible, and the horizon is just behind it.
 *
 * <p>{@code lock} guards the list of followers and the wish to run; nothing is read from the database and nobody is
 * called under it.
 */
final class ChangeTail {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeTail.class);
    private static final int PAGE_ROWS = 1_000;
    private static final long POLL_MILLIS = 500;
    private static final long UNKNOWN = -1;
    private static final Comparator<Change> ORDER =
            Comparator.comparingLong(Change::versionstamp).thenComparingInt(Change::n);

    private final Database database;
    private final int ns;
    private final Consumer<ChangeTail> whenIdle;
    private final ChangeTailSql sql;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();
    private final CopyOnWriteArrayList<Follower> followers = new CopyOnWriteArrayList<>();
    private final List<Follower> joining = new ArrayList<>();
    /** What was handed out above the horizon; the reading thread's own. */
    private final TreeSet<Change> seen = new TreeSet<>(ORDER);

    private long horizon = UNKNOWN;
    /** Who joined and has not left, those that are being brought up to date included. */
    private int members;

    private boolean woken;
    private boolean ended;

    ChangeTail(Database database, int ns, Consumer<ChangeTail> whenIdle) {
        this.database = database;
        this.ns = ns;
        this.whenIdle = whenIdle;
        this.sql = database.shared(ChangeTailSql.class, ChangeTailSql::new);
        Thread.ofVirtual().name("holdfast-changes-" + ns).start(this::run);
    }

    int ns() {
        return ns;
    }

    /** Adds a follower, or answers null when this tail has just ended for want of followers. */
    Signals.@Nullable Registration follow(String room, long after, Consumer<ChangeBatch> consumer) {
        long from = after == ChangeFeed.NOW ? position() : after;
        Follower follower = new Follower(room, from, consumer);
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
                    round();
                    for (Follower newcomer : newcomers) {
                        catchUp(newcomer);
                        followers.add(newcomer);
                        if (newcomer.gone) {
                            followers.remove(newcomer);
                        }
                    }
                } catch (ClosedException e) {
                    return;
                } catch (RuntimeException e) {
                    LOG.warn("reading the change log failed, trying again: {}", e.getMessage());
                    rejoin(newcomers);
                }
                newcomers.clear();
            }
        } finally {
            whenIdle.accept(this);
        }
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
            newcomers.removeAll(followers);
            joining.addAll(newcomers);
        } finally {
            lock.unlock();
        }
    }

    /** Reads what is new and hands it to everybody who is already following. */
    private void round() {
        if (horizon == UNKNOWN) {
            horizon = position();
        }
        ChangeTailSql.Page page = readPage(horizon, 0);
        long next = page.horizon();
        List<Change> fresh = new ArrayList<>();
        while (true) {
            for (Change change : page.changes()) {
                if (seen.add(change)) {
                    fresh.add(change);
                }
            }
            hand(fresh, next);
            fresh.clear();
            if (page.changes().size() < PAGE_ROWS) {
                break;
            }
            Change last = page.changes().getLast();
            page = readPage(last.versionstamp(), last.n() + 1);
        }
        horizon = Math.max(horizon, next);
        seen.headSet(new Change(horizon, 0, "", "", new byte[0], Change.Kind.SET))
                .clear();
    }

    private void hand(List<Change> fresh, long position) {
        for (Follower follower : followers) {
            follower.accept(fresh, false, position);
        }
    }

    /** Brings a newcomer to where everybody is, from the log; goes on where it was when a read has failed before. */
    private void catchUp(Follower newcomer) {
        boolean reset = newcomer.behind(floor());
        List<Change> missed = new ArrayList<>();
        while (true) {
            ChangeTailSql.Page page = readPage(newcomer.nextVersionstamp, newcomer.nextN);
            // What is not in 'seen' and not below the horizon will come with the next round.
            for (Change change : page.changes()) {
                if (change.versionstamp() < horizon || seen.contains(change)) {
                    missed.add(change);
                }
            }
            newcomer.accept(missed, reset, horizon);
            reset = false;
            missed.clear();
            if (page.changes().size() < PAGE_ROWS) {
                return;
            }
            newcomer.passed(page.changes().getLast());
        }
    }

    private ChangeTailSql.Page readPage(long versionstamp, int n) {
        return database.engine().readOne(unit -> sql.page(unit, ns, versionstamp, n, PAGE_ROWS));
    }

    private long position() {
        return database.engine()
                        .readOne(unit -> sql.page(unit, ns, Long.MAX_VALUE, 0, 1))
                        .horizon()
                - 1;
    }

    private long floor() {
        return database.engine().readOne(unit -> sql.floor(unit, ns));
    }

    /** One who follows a room. */
    private static final class Follower {
        private final String room;
        private final Consumer<ChangeBatch> consumer;
        /** Where it goes on reading while it is brought up to date; the reading thread's own. */
        private long nextVersionstamp;

        private int nextN;
        private volatile boolean gone;

        Follower(String room, long after, Consumer<ChangeBatch> consumer) {
            this.room = room;
            this.nextVersionstamp = after + 1;
            this.consumer = consumer;
        }

        boolean behind(long floor) {
            return nextVersionstamp <= floor;
        }

        void passed(Change change) {
            nextVersionstamp = change.versionstamp();
            nextN = change.n() + 1;
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
