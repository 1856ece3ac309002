package dev.holdfast.queue;

import dev.holdfast.codec.Encoding;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is stored.
 *
 * @param dueAt since when it is ready, from when on it will be, when its lease ends, or when it died
 * @param backoff the text of its retry policy
 * @param fallback its fallback keys as {@link #fallback(List)} makes them
 * @param orderingKey jobs that have the same one are given out one at a time; all but one of them are behind
 */
record JobRow(
        byte[] id,
        String queue,
        int state,
        int priority,
        long dueAt,
        long token,
        int attempt,
        int attemptsMax,
        String backoff,
        boolean deadLetter,
        byte @Nullable [] fallback,
        @Nullable String uniqueKey,
        int encoding,
        byte[] value,
        long createdAt,
        @Nullable String error,
        @Nullable String orderingKey) {
    /** Waits for an earlier job of its ordering key. */
    static final int BEHIND = -1;

    static final int READY = 0;
    static final int DEAD = 1;
    static final int DELAYED = 2;
    static final int CLAIMED = 3;

    /** The order in which a queue gives out what is ready. */
    static final Comparator<JobRow> ORDER = Comparator.comparingInt(JobRow::priority)
            .thenComparingLong(JobRow::dueAt)
            .thenComparing(JobRow::id, Arrays::compareUnsigned);

    /** Bytes of the number before each fallback key. */
    private static final int LENGTH_BYTES = 4;

    /** A job that is new at this time. */
    static JobRow of(byte[] id, String queue, KvValue value, JobOptions options, long now) {
        long dueAt = now + options.delay().toMillis();
        return new JobRow(
                id,
                queue,
                dueAt > now ? DELAYED : READY,
                options.priority(),
                dueAt,
                0,
                0,
                options.retry().attempts(),
                RetryText.of(options.retry()),
                options.deadLetter(),
                fallback(options.fallbackKeys()),
                options.uniqueKey().orElse(null),
                value.encoding().number(),
                value.encoded(),
                now,
                null,
                options.orderingKey().orElse(null));
    }

    /** The row behind the columns of {@link QueueSql#COLUMNS}. */
    static JobRow read(ResultSet row) throws SQLException {
        return new JobRow(
                row.getBytes(1),
                row.getString(2),
                row.getInt(3),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6),
                row.getInt(7),
                row.getInt(8),
                row.getString(9),
                row.getInt(10) != 0,
                row.getBytes(11),
                row.getString(12),
                row.getInt(13),
                row.getBytes(14),
                row.getLong(15),
                row.getString(16),
                row.getString(17));
    }

    /** Its columns for an insertion, in the order of {@link QueueSql#COLUMNS}. */
    @Nullable
    Object[] args(int ns) {
        return new @Nullable Object[] {
            ns,
            id,
            queue,
            state,
            priority,
            dueAt,
            token,
            attempt,
            attemptsMax,
            backoff,
            deadLetter ? 1 : 0,
            fallback,
            uniqueKey,
            encoding,
            value,
            createdAt,
            error,
            orderingKey
        };
    }

    KvValue content() {
        return KvValue.stored(Encoding.of(encoding), value);
    }

    /** The same, refused for a reason. */
    JobRow refused(String why) {
        return with(state, why);
    }

    /** The same, behind another one of its ordering key. */
    JobRow behind() {
        return with(BEHIND, error);
    }

    private JobRow with(int newState, @Nullable String newError) {
        return new JobRow(
                id,
                queue,
                newState,
                priority,
                dueAt,
                token,
                attempt,
                attemptsMax,
                backoff,
                deadLetter,
                fallback,
                uniqueKey,
                encoding,
                value,
                createdAt,
                newError,
                orderingKey);
    }

    /** What it counts in a quota. */
    long bytes() {
        return (long) id.length + value.length;
    }

    RetryPolicy retry() {
        return RetryText.parse(backoff, attemptsMax);
    }

    List<Key> fallbackKeys() {
        List<Key> keys = new ArrayList<>();
        if (fallback != null) {
            ByteBuffer all = ByteBuffer.wrap(fallback);
            while (all.hasRemaining()) {
                byte[] key = new byte[all.getInt()];
                all.get(key);
                keys.add(Key.decode(key));
            }
        }
        return keys;
    }

    /** What it was enqueued with, but its delay and its unique key. */
    JobOptions options() {
        JobOptions options = JobOptions.defaults()
                .withRetry(retry())
                .withPriority(priority)
                .withFallbackKeys(fallbackKeys().toArray(Key[]::new))
                .withDeadLetter(deadLetter);
        return orderingKey == null ? options : options.withOrderingKey(orderingKey);
    }

    /** The job for who has claimed it. */
    Job claimed(long claimToken, int claimAttempt, long leaseUntil) {
        return new Job(
                queue,
                new JobClaim(JobIds.text(id), claimToken),
                content(),
                claimAttempt,
                attemptsMax,
                Instant.ofEpochMilli(createdAt),
                Instant.ofEpochMilli(leaseUntil),
                Optional.ofNullable(error));
    }

    QueuedJob queued() {
        return new QueuedJob(
                JobIds.text(id),
                content(),
                priority,
                attempt,
                attemptsMax,
                Instant.ofEpochMilli(createdAt),
                Instant.ofEpochMilli(dueAt),
                Optional.ofNullable(uniqueKey),
                Optional.ofNullable(orderingKey),
                Optional.ofNullable(error));
    }

    DeadJob dead() {
        return new DeadJob(
                JobIds.text(id),
                queue,
                content(),
                attempt,
                error == null ? "" : error,
                Instant.ofEpochMilli(createdAt),
                Instant.ofEpochMilli(dueAt));
    }

    /** Keys one behind the other, each behind its length; none is null. */
    static byte @Nullable [] fallback(List<Key> keys) {
        if (keys.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Key key : keys) {
            byte[] encoded = key.encoded();
            out.writeBytes(
                    ByteBuffer.allocate(LENGTH_BYTES).putInt(encoded.length).array());
            out.writeBytes(encoded);
        }
        return out.toByteArray();
    }
}
