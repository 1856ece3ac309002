package dev.holdfast.schema;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.Unit;
import dev.holdfast.engine.UnitKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one database up to date.
 *
 * <p>Programs that start at once are kept apart twice. The lock makes them take turns: BEGIN IMMEDIATE on SQLite, an
 * advisory lock on PostgreSQL. Where there is no such lock, or the snapshot was taken before it, the ledger's primary
 * key decides: a migration enters the ledger before its statements run, so a second program waits there, fails, and
 * looks again. Whoever fails while the ledger moved on was merely late.
 */
final class SchemaRun {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaRun.class);

    private static final String LOCK = "select pg_advisory_xact_lock(?)";
    /** Undefined function, feature not supported, insufficient privilege: the lock is not to be had here. */
    private static final Set<String> NO_LOCK = Set.of("42883", "0A000", "42501");

    private static final long CONFLICTS_MILLIS = 10_000;
    private static final long PAUSE_MILLIS_MAX = 100;

    private final Engine engine;
    private final Tables tables;
    private final List<Migration> migrations;
    private final TimeSource time;
    private final Ledger ledger;

    SchemaRun(Engine engine, Tables tables, List<Migration> migrations, TimeSource time) {
        this.engine = engine;
        this.tables = tables;
        this.migrations = migrations;
        this.time = time;
        this.ledger = new Ledger(engine.dialect(), tables);
    }

    /** Runs what is pending; only reads when nothing is. */
    void run() {
        List<Ledger.Entry> seen = entries();
        long deadline = time.millis() + CONFLICTS_MILLIS;
        while (!pending(seen).isEmpty()) {
            try {
                if (!engine.write(UnitKind.OPERATION, this::apply).isEmpty()) {
                    report(seen);
                }
                return;
            } catch (ConflictException | EngineException | SchemaException e) {
                List<Ledger.Entry> now = entriesAfter(e);
                if (now.size() == seen.size()) {
                    if (!(e instanceof ConflictException) || time.millis() >= deadline) {
                        throw e;
                    }
                    pause();
                }
                seen = now;
            }
        }
    }

    /** Making a new database is nothing to tell everybody of; changing one is. */
    private void report(List<Ledger.Entry> before) {
        SchemaVersion version = SchemaVersion.of(migrations);
        if (before.isEmpty()) {
            LOG.debug("made the tables (prefix={}, version={})", tables.prefix(), version);
        } else {
            LOG.info(
                    "migrated the tables (prefix={}, from={}, to={})",
                    tables.prefix(),
                    Ledger.version(before),
                    version);
        }
    }

    private List<Ledger.Entry> entries() {
        return engine.read(ledger::read);
    }

    private List<Ledger.Entry> entriesAfter(HoldfastException failure) {
        try {
            return entries();
        } catch (HoldfastException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private List<Migration> pending(List<Ledger.Entry> entries) {
        return LedgerState.of(ledger, migrations, entries).requirePending(migrations);
    }

    private List<Migration> apply(Unit unit) {
        lock(unit);
        List<Migration> pending = pending(ledger.read(unit));
        for (Migration migration : pending) {
            try {
                step(unit, migration);
            } catch (EngineException e) {
                throw new SchemaException(
                        "schema.failed",
                        "a migration failed and nothing was changed (migration=" + Ledger.label(migration) + "): "
                                + e.detail(),
                        e);
            }
        }
        return pending;
    }

    private void step(Unit unit, Migration migration) {
        boolean first = migration.room().equals(Ledger.ROOM) && migration.number() == 1;
        if (!first) {
            ledger.write(unit, migration, time.millis());
        }
        for (String statement : migration.statements(engine.dialect(), tables)) {
            unit.exec(statement);
        }
        if (first) {
            ledger.write(unit, migration, time.millis());
        }
    }

    private void lock(Unit unit) {
        switch (engine.dialect()) {
            case SQLITE -> {
                // A write transaction is the lock.
            }
            case POSTGRES -> {
                try {
                    unit.nested(() -> unit.first(LOCK, row -> true, lockKey(tables)));
                } catch (EngineException e) {
                    if (!(e.getCause() instanceof SQLException cause) || !NO_LOCK.contains(cause.getSQLState())) {
                        throw e;
                    }
                    LOG.info("no advisory locks here (sqlState={}); the ledger's key decides", cause.getSQLState());
                }
            }
        }
    }

    /** Programs with the same prefix share a lock; it belongs to one database, so nothing else of it is needed. */
    static long lockKey(Tables tables) {
        String name = "dev.holdfast.schema/" + tables.prefix();
        return ByteBuffer.wrap(Ledger.sha256().digest(name.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private void pause() {
        CountDownLatch over = new CountDownLatch(1);
        time.after(ThreadLocalRandom.current().nextLong(PAUSE_MILLIS_MAX) + 1, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException(
                    "engine.interrupted", "the thread was interrupted while it waited to migrate the database", e);
        }
    }
}
