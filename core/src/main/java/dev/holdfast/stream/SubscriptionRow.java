package dev.holdfast.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as it is stored.
 *
 * <pre>
 *            something to do                    claimed
 *   IDLE ────────────────────► ANNOUNCED ───────────────────► LEASED ──► IDLE
 *     └──────────── webhook, or claimed without a wake ──────────┘  released, or over
 * </pre>
 *
 * <p>An announcement may be lost with its wake stream, so what nobody has claimed for a while is announced anew.
 *
 * @param number what its links carry; never used again
 * @param made what it was made with, but its streams
 * @param config a hash of everything it was made with
 * @param address below which those who are woken call back, as its maker wrote it
 * @param wakeId of the present wake; null when it is idle
 * @param holder the worker who has the lease
 * @param dueAt milliseconds since 1970: when the lease ends, or when it is tried or announced again; {@link #NEVER}
 * @param attempts how many tries to wake somebody have failed, one after the other
 */
record SubscriptionRow(
        String id,
        long number,
        Made made,
        byte[] config,
        String address,
        State state,
        long generation,
        @Nullable String wakeId,
        @Nullable String holder,
        long dueAt,
        int attempts,
        long createdAt) {
    static final long NEVER = Long.MAX_VALUE;

    /** How long what was announced waits for a claim at least. */
    private static final long ANNOUNCED_MILLIS_MIN = 60_000;

    private static final long BACKOFF_MILLIS = 1_000;
    private static final long BACKOFF_MILLIS_MAX = 60_000;
    private static final int DOUBLINGS_MAX = 6;

    /** What it was made with, but its streams. */
    record Made(
            SubscriptionSpec.Target target,
            @Nullable String pattern,
            long leaseMillis,
            @Nullable String description) {}

    /** Where it stands. */
    enum State {
        /** Nobody is woken. */
        IDLE(0),
        /** A wake was written into the wake stream, and nobody has claimed it. */
        ANNOUNCED(1),
        /** Somebody was woken, or has claimed; after a failed try it waits for the next one here. */
        LEASED(2),
        /** It is no more, but its links are still to be removed. */
        DELETED(3);

        private final int code;

        State(int code) {
            this.code = code;
        }

        /** As it is stored. */
        int code() {
            return code;
        }

        static State of(int code) {
            return switch (code) {
                case 0 -> IDLE;
                case 1 -> ANNOUNCED;
                case 2 -> LEASED;
                default -> DELETED;
            };
        }
    }

    boolean pull() {
        return made.target() instanceof SubscriptionSpec.PullWake;
    }

    boolean failed() {
        return attempts > 0;
    }

    /** Whether its lease or the time for a claim is over, or its next try due. */
    boolean due(long now) {
        return dueAt <= now;
    }

    /** Whether somebody has a lease that is not over. */
    boolean held(long now) {
        return state == State.LEASED && !due(now);
    }

    /** Whether somebody may be woken, if there is something to do. */
    boolean wakeable(long now) {
        return state != State.DELETED && (due(now) || (state == State.IDLE && dueAt == NEVER));
    }

    /** The same with a new wake, which nobody has yet. */
    SubscriptionRow awoken(String newWakeId, long now) {
        long due = now + Math.max(made.leaseMillis(), ANNOUNCED_MILLIS_MIN);
        return changed(State.ANNOUNCED, generation + 1, newWakeId, null, due, attempts);
    }

    /** The same, the present wake held by somebody from now on. */
    SubscriptionRow leased(@Nullable String by, long now) {
        return changed(State.LEASED, generation, wakeId, by, now + made.leaseMillis(), attempts);
    }

    /** The same after somebody who holds it gave a sign of life. */
    SubscriptionRow extended(long now) {
        return changed(State.LEASED, generation, wakeId, holder, now + made.leaseMillis(), 0);
    }

    /** The same, known to have reached somebody; the lease goes on. */
    SubscriptionRow reached() {
        return changed(state, generation, wakeId, holder, dueAt, 0);
    }

    /** The same, held by nobody. */
    SubscriptionRow idle() {
        return changed(State.IDLE, generation, null, null, NEVER, 0);
    }

    /** The same after a try that failed; whoever was reached all the same may acknowledge until the next one. */
    SubscriptionRow postponed(State where, long now) {
        long pause = Math.min(BACKOFF_MILLIS_MAX, BACKOFF_MILLIS << Math.min(attempts, DOUBLINGS_MAX));
        long jittered = Math.round(pause * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
        boolean kept = where != State.IDLE;
        return changed(where, generation, kept ? wakeId : null, kept ? holder : null, now + jittered, attempts + 1);
    }

    private SubscriptionRow changed(
            State newState,
            long newGeneration,
            @Nullable String newWakeId,
            @Nullable String newHolder,
            long newDueAt,
            int newAttempts) {
        return new SubscriptionRow(
                id,
                number,
                made,
                config,
                address,
                newState,
                newGeneration,
                newWakeId,
                newHolder,
                newDueAt,
                newAttempts,
                createdAt);
    }

    SubscriptionInfo info(SubscriptionLinks.Page page) {
        return new SubscriptionInfo(
                id,
                made.target(),
                Optional.ofNullable(made.pattern()),
                page.links(),
                page.more(),
                Duration.ofMillis(made.leaseMillis()),
                Optional.ofNullable(made.description()),
                failed(),
                Instant.ofEpochMilli(createdAt));
    }
}
