package dev.holdfast.kv;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Signals;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes entries whose time has passed. Reads never see them, so this is only about space - except for watches: a
 * removal is what tells them. While a namespace is watched, its entries are therefore removed at their time.
 *
 * <p>{@code lock} guards the map and the alarms; under it nothing is read or written.
 */
final class KvSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(KvSweeper.class);
    private static final int BATCH = 500;

    private final Database database;
    private final KvSql sql;
    private final KvWriter writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Alarm> alarms = new HashMap<>();

    KvSweeper(Database database, KvRoom room) {
        this.database = database;
        this.sql = room.sql();
        this.writer = new KvWriter(room);
    }

    /** Removes what is due in a namespace, batch by batch, each a transaction that any other operation may share. */
    long sweep(String namespace) {
        Session session = database.session(namespace);
        long removed = 0;
        while (true) {
            List<Key> due = session.readOne(tx -> sql.due(tx, tx.ns(), tx.now(), BATCH));
            if (due.isEmpty()) {
                return removed;
            }
            // The time is compared again: the entry may have been written anew since it was found.
            removed += session.write(UnitKind.OPERATION, tx -> writer.expire(tx, due));
            if (due.size() < BATCH) {
                return removed;
            }
        }
    }

    /** From now on until it is closed, entries of the namespace are removed at their time. */
    Signals.Registration watched(String namespace) {
        lock.lock();
        try {
            alarms.computeIfAbsent(namespace, name -> new Alarm()).watchers++;
        } finally {
            lock.unlock();
        }
        try {
            expectNext(namespace);
        } catch (RuntimeException | Error e) {
            unwatched(namespace);
            throw e;
        }
        AtomicBoolean over = new AtomicBoolean();
        return () -> {
            if (over.compareAndSet(false, true)) {
                unwatched(namespace);
            }
        };
    }

    /** An entry that expires then was written or seen. */
    void expect(String namespace, long expiresAt) {
        lock.lock();
        try {
            Alarm alarm = alarms.get(namespace);
            if (alarm != null && (alarm.timer == null || expiresAt < alarm.at)) {
                if (alarm.timer != null) {
                    alarm.timer.cancel();
                }
                alarm.at = expiresAt;
                long delay = Math.max(0, expiresAt - database.time().millis());
                alarm.timer = database.time()
                        .after(
                                delay,
                                () -> Thread.ofVirtual()
                                        .name("holdfast-expiry")
                                        .start(() -> ring(namespace, expiresAt)));
            }
        } finally {
            lock.unlock();
        }
    }

    private void unwatched(String namespace) {
        lock.lock();
        try {
            Alarm alarm = alarms.get(namespace);
            if (alarm != null && --alarm.watchers == 0) {
                if (alarm.timer != null) {
                    alarm.timer.cancel();
                }
                alarms.remove(namespace);
            }
        } finally {
            lock.unlock();
        }
    }

    private void ring(String namespace, long at) {
        lock.lock();
        try {
            Alarm alarm = alarms.get(namespace);
            if (alarm == null || alarm.at != at) {
                return;
            }
            alarm.timer = null;
        } finally {
            lock.unlock();
        }
        try {
            sweep(namespace);
            expectNext(namespace);
        } catch (ClosedException e) {
            LOG.debug("the store was closed before an expiry was noticed");
        } catch (RuntimeException | Error e) {
            LOG.warn("removing expired entries failed, trying again", e);
            expect(namespace, database.time().millis() + 1_000);
        }
    }

    private void expectNext(String namespace) {
        database.session(namespace)
                .readOne(tx -> sql.nextExpiry(tx, tx.ns(), tx.now()))
                .ifPresent(at -> expect(namespace, at));
    }

    /** The next moment at which a watched namespace is swept. */
    private static final class Alarm {
        private int watchers;
        private long at;
        private TimeSource.@Nullable Timer timer;
    }
}
