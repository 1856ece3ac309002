package dev.holdfast.record;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.SqlAdapter;
import dev.holdfast.engine.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A seat over four methods. What is in conflict with others is run again as a whole until ten seconds have passed, but
 * never inside a transaction that somebody else has begun.
 */
final class AdapterSeat implements RecordSeat {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_MILLIS_FIRST = 4;
    private static final long PAUSE_MILLIS_MAX = 250;
    private static final int DOUBLINGS_MAX = 6;
    private static final int SUPPRESSED_MAX = 16;

    private final SqlAdapter adapter;
    private final RecordSql tables;
    private final BooleanSupplier joined;
    private final boolean owned;
    /** Held for one transaction where there is one connection; null where each has its own. */
    private final @Nullable ReentrantLock turn;

    private final TimeSource time = TimeSource.system();

    /**
     * A seat.
     *
     * @param joined whether what is run now becomes part of somebody else's transaction
     * @param shared whether the adapter takes calls of many threads
     * @param owned whether it is closed with the seat
     */
    AdapterSeat(SqlAdapter adapter, RecordSql tables, BooleanSupplier joined, boolean shared, boolean owned) {
        this.adapter = adapter;
        this.tables = tables;
        this.joined = joined;
        this.turn = shared ? null : new ReentrantLock(true);
        this.owned = owned;
    }

    /** Checks the tables and the format, and makes what is missing. */
    void open(SchemaMode mode) {
        RecordSchema schema = new RecordSchema(tables);
        boolean ready = RecordFailures.told(() -> repeat(unit -> schema.isReady(unit.sql())));
        if (!ready) {
            RecordFailures.told(() -> repeat(unit -> {
                schema.prepare(unit.sql(), mode);
                return unit;
            }));
        }
    }

    @Override
    public <R> R write(String docId, Function<RecordUnit, R> work) {
        return told(() -> repeat(work));
    }

    @Override
    public <R> R scan(Function<RecordUnit, R> work) {
        return told(() -> repeat(work));
    }

    @Override
    public <R> R readOne(Function<RecordUnit, R> work) {
        return told(() -> repeat(work));
    }

    /** Inside a transaction of the caller's a conflict is the caller's, who repeats it. */
    private <R> R told(Supplier<R> run) {
        return joined.getAsBoolean() ? run.get() : RecordFailures.told(run);
    }

    private <R> R repeat(Function<RecordUnit, R> work) {
        long begun = time.nanos();
        List<Throwable> earlier = new ArrayList<>(0);
        for (int attempt = 0; ; attempt++) {
            try {
                return once(work);
            } catch (ConflictException e) {
                long pause = pauseMillis(attempt);
                long passed = time.nanos() - begun + TimeUnit.MILLISECONDS.toNanos(pause);
                if (joined.getAsBoolean() || passed >= LIMIT_NANOS) {
                    earlier.forEach(e::addSuppressed);
                    throw e;
                }
                if (earlier.size() < SUPPRESSED_MAX) {
                    earlier.add(e);
                }
                time.pause(pause);
            }
        }
    }

    private <R> R once(Function<RecordUnit, R> work) {
        if (turn == null) {
            return adapter.transaction(sql -> work.apply(RecordUnit.over(sql, tables)));
        }
        turn.lock();
        try {
            return adapter.transaction(sql -> work.apply(RecordUnit.over(sql, tables)));
        } finally {
            turn.unlock();
        }
    }

    /** From 0 to a bound that doubles with each attempt. */
    private static long pauseMillis(int attempts) {
        long bound = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_FIRST << Math.min(attempts, DOUBLINGS_MAX));
        return ThreadLocalRandom.current().nextLong(bound + 1);
    }

    @Override
    public void close() {
        if (owned) {
            adapter.close();
        }
    }
}
