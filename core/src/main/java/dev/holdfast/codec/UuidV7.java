package dev.holdfast.codec;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes version 7 UUIDs: ids that begin with the time, so new ones sort behind old ones.
 *
 * <p>Each id is greater than the one made before it by the same generator, as text and as bytes, also within a
 * millisecond and when the clock stands or goes back; ids of different generators are unique by their 74 other bits,
 * which nobody can guess for a fresh millisecond. Safe for use by many threads; blocks for no longer than another
 * thread needs to make one. Source: RFC 9562, section 5.7, with the monotonic random counter of section 6.2, method 2.
 */
public final class UuidV7 {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RAND_A_MASK = 0xfffL;
    private static final long RAND_B_MASK = 0x3fff_ffff_ffff_ffffL;
    private static final long MILLIS_MASK = 0xffff_ffff_ffffL;

    /** A step within a millisecond is 1 to 2^32: the next id is no guess, and about 2^30 of them fit. */
    private static final long STEP_MASK = 0xffff_ffffL;

    private final LongSupplier clock;
    private final RandomGenerator random;

    /** Guards the three fields below; nothing but the clock and the random source is called under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private long millis = -1;
    private long randA;
    private long randB;

    /**
     * A generator on a clock.
     *
     * @param clock milliseconds since 1970
     */
    public UuidV7(LongSupplier clock) {
        this(clock, new SecureRandom());
    }

    UuidV7(LongSupplier clock, RandomGenerator random) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.random = random;
    }

    /** A new id, greater than all before. */
    public UUID next() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            if (now > millis) {
                restart(now);
            } else {
                step();
            }
            return new UUID(((millis & MILLIS_MASK) << 16) | VERSION | randA, VARIANT | randB);
        } finally {
            lock.unlock();
        }
    }

    /** A new id as text: 36 characters, lower-case. */
    public String nextText() {
        return next().toString();
    }

    private void restart(long now) {
        millis = now;
        randA = random.nextLong() & RAND_A_MASK;
        randB = random.nextLong() & RAND_B_MASK;
    }

    private void step() {
        randB += 1 + (random.nextLong() & STEP_MASK);
        if (randB <= RAND_B_MASK) {
            return;
        }
        randB &= RAND_B_MASK;
        randA++;
        if (randA > RAND_A_MASK) {
            restart(millis + 1); // all of this millisecond's numbers are used: the ids run ahead of the clock
        }
    }
}
