package dev.holdfast.server.durablestreams;

import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;

/**
 * How streams are served.
 *
 * @param longPollTimeout how long a long-poll waits for something to come, 1 millisecond to 1 hour
 * @param sseMaxAge after how long an event stream ends in order so that its reader comes again, up to one ping interval
 *     later, 1 second to 1 day
 * @param chunkBytes about how many bytes one answer holds at most, 1 KiB to 64 MiB; one append is never split
 * @param liveReadersMax how many long-polls and event streams wait at once, at least 1; beyond it 429
 * @param loopbackWebhooks whether subscriptions may call {@code localhost} and 127.x.x.x, also without TLS: for
 *     development
 * @param webhookCallsMax how many webhooks are called at once, at least 1
 */
public record DurableStreamsOptions(
        Duration longPollTimeout,
        Duration sseMaxAge,
        int chunkBytes,
        int liveReadersMax,
        boolean loopbackWebhooks,
        int webhookCallsMax) {
    private static final int CHUNK_BYTES_MIN = 1 << 10;
    private static final int CHUNK_BYTES_MAX = 64 << 20;

    /** Checks every range. */
    public DurableStreamsOptions {
        between("longPollTimeout", longPollTimeout, Duration.ofMillis(1), Duration.ofHours(1));
        between("sseMaxAge", sseMaxAge, Duration.ofSeconds(1), Duration.ofDays(1));
        if (chunkBytes < CHUNK_BYTES_MIN || chunkBytes > CHUNK_BYTES_MAX) {
            throw invalid("chunkBytes", chunkBytes, CHUNK_BYTES_MIN + " to " + CHUNK_BYTES_MAX);
        }
        if (liveReadersMax < 1) {
            throw invalid("liveReadersMax", liveReadersMax, "1 or more");
        }
        if (webhookCallsMax < 1) {
            throw invalid("webhookCallsMax", webhookCallsMax, "1 or more");
        }
    }

    /**
     * Long-polls of 30 seconds, event streams of a minute, answers of 1 MiB, 20,000 readers that wait, 32 webhooks at
     * once and none on loopback.
     */
    public static DurableStreamsOptions defaults() {
        return new DurableStreamsOptions(Duration.ofSeconds(30), Duration.ofSeconds(60), 1 << 20, 20_000, false, 32);
    }

    /** The same with another time that a long-poll waits. */
    public DurableStreamsOptions withLongPollTimeout(Duration time) {
        return new DurableStreamsOptions(
                time, sseMaxAge, chunkBytes, liveReadersMax, loopbackWebhooks, webhookCallsMax);
    }

    /** The same with another age at which event streams end. */
    public DurableStreamsOptions withSseMaxAge(Duration age) {
        return new DurableStreamsOptions(
                longPollTimeout, age, chunkBytes, liveReadersMax, loopbackWebhooks, webhookCallsMax);
    }

    /** The same with another size of answers. */
    public DurableStreamsOptions withChunkBytes(int bytes) {
        return new DurableStreamsOptions(
                longPollTimeout, sseMaxAge, bytes, liveReadersMax, loopbackWebhooks, webhookCallsMax);
    }

    /** The same with another number of readers that wait. */
    public DurableStreamsOptions withLiveReadersMax(int count) {
        return new DurableStreamsOptions(
                longPollTimeout, sseMaxAge, chunkBytes, count, loopbackWebhooks, webhookCallsMax);
    }

    /** The same, calling webhooks on loopback or not. */
    public DurableStreamsOptions withLoopbackWebhooks(boolean allowed) {
        return new DurableStreamsOptions(
                longPollTimeout, sseMaxAge, chunkBytes, liveReadersMax, allowed, webhookCallsMax);
    }

    /** The same with another number of webhooks that are called at once. */
    public DurableStreamsOptions withWebhookCallsMax(int count) {
        return new DurableStreamsOptions(
                longPollTimeout, sseMaxAge, chunkBytes, liveReadersMax, loopbackWebhooks, count);
    }

    private static void between(String name, Duration value, Duration min, Duration max) {
        if (requireNonNull(value, name).compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw invalid(name, value, min + " to " + max);
        }
    }

    private static InvalidInputException invalid(String name, Object value, String expected) {
        return new InvalidInputException(
                "durablestreams.option_invalid",
                "an option has no usable value (" + name + "=" + value + ", expected " + expected + ")");
    }
}
