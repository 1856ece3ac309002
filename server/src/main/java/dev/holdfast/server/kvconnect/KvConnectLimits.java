package dev.holdfast.server.kvconnect;

import com.google.protobuf.ByteString;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvWire;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWrite;
import dev.holdfast.server.kvconnect.wire.Datapath.Check;
import dev.holdfast.server.kvconnect.wire.Datapath.Enqueue;
import dev.holdfast.server.kvconnect.wire.Datapath.Mutation;
import dev.holdfast.server.kvconnect.wire.Datapath.ReadRange;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotRead;
import dev.holdfast.server.kvconnect.wire.Datapath.Watch;

/**
 * What a client of Deno KV may ask for. Each refusal begins with the sentence that Deno KV says, which clients show;
 * what follows it is ours.
 *
 * @param valueBytesMax bytes of a value and of a message's payload, 65,536 to 16 MiB
 * @param writeBytesMax bytes of all keys and values of an atomic write, 819,200 to 256 MiB
 * @param watchKeysMax keys of one watch, 10 to 1,000
 */
public record KvConnectLimits(int valueBytesMax, int writeBytesMax, int watchKeysMax) {
    private static final int VALUE_BYTES = 65_536;
    private static final int WRITE_BYTES = 819_200;
    private static final int WATCH_KEYS = 10;
    private static final int MIB = 1 << 20;

    /** A bound of a range may be a key and one byte more. */
    private static final int BOUND_BYTES_MAX = Key.ENCODED_BYTES_MAX + 1;

    private static final int RANGES_MAX = 10;
    private static final int CHECKS_MAX = 100;
    private static final int MUTATIONS_MAX = 1_000;
    private static final int FALLBACK_KEYS_MAX = 10;
    private static final int INTERVALS_MAX = 10;
    private static final int INTERVAL_MILLIS_MAX = 3_600_000;
    private static final int INTERVAL_BYTES = 4;

    /** Checks every range. */
    public KvConnectLimits {
        range("valueBytesMax", valueBytesMax, VALUE_BYTES, 16 * MIB);
        range("writeBytesMax", writeBytesMax, WRITE_BYTES, 256 * MIB);
        range("watchKeysMax", watchKeysMax, WATCH_KEYS, 1_000);
    }

    /** The limits of Deno KV: values of 65,536 bytes, writes of 819,200, watches of 10 keys. */
    public static KvConnectLimits defaults() {
        return new KvConnectLimits(VALUE_BYTES, WRITE_BYTES, WATCH_KEYS);
    }

    /** These limits with another largest value. */
    public KvConnectLimits withValueBytesMax(int bytes) {
        return new KvConnectLimits(bytes, writeBytesMax, watchKeysMax);
    }

    /** These limits with another largest write. */
    public KvConnectLimits withWriteBytesMax(int bytes) {
        return new KvConnectLimits(valueBytesMax, bytes, watchKeysMax);
    }

    /** These limits with another number of keys of a watch. */
    public KvConnectLimits withWatchKeysMax(int count) {
        return new KvConnectLimits(valueBytesMax, writeBytesMax, count);
    }

    /** The largest body: what a write may hold, and room for what surrounds it. */
    int bodyBytesMax() {
        return 2 * MIB + writeBytesMax - WRITE_BYTES;
    }

    void require(SnapshotRead request) {
        atMost("Too many read ranges requested in one read request.", "ranges", request.getRangesCount(), RANGES_MAX);
        long entries = 0;
        for (ReadRange range : request.getRangesList()) {
            bound(range.getStart());
            bound(range.getEnd());
            if (range.getLimit() < 1) {
                throw refused("The read range limit of the snapshot read request is invalid. (limit=" + range.getLimit()
                        + ", limitMin=1)");
            }
            entries += range.getLimit();
        }
        atMost(
                "The total number of entries requested across read ranges in the read request is too large.",
                "entries",
                entries,
                KvWire.LIMIT_MAX);
    }

    void require(Watch request) {
        atMost("Too many keys watched in a single watch request.", "keys", request.getKeysCount(), watchKeysMax);
        request.getKeysList().forEach(key -> bound(key.getKey()));
    }

    void require(AtomicWrite request) {
        atMost("Too many checks included in atomic write.", "checks", request.getChecksCount(), CHECKS_MAX);
        atMost(
                "Too many mutations / enqueues included in atomic write.",
                "mutations",
                request.getMutationsCount() + request.getEnqueuesCount(),
                MUTATIONS_MAX);
        long bytes = 0;
        for (Check check : request.getChecksList()) {
            bytes += bound(check.getKey());
        }
        for (Mutation mutation : request.getMutationsList()) {
            bytes += key(mutation.getKey()) + value(mutation.getValue().getData());
        }
        for (Enqueue enqueue : request.getEnqueuesList()) {
            bytes += enqueue(enqueue);
        }
        atMost("The total size of the atomic write is too large.", "writeBytes", bytes, writeBytesMax);
    }

    private long enqueue(Enqueue enqueue) {
        long bytes = value(enqueue.getPayload());
        atMost(
                "Too many dead letter keys for a single queue message.",
                "keys",
                enqueue.getKeysIfUndeliveredCount(),
                FALLBACK_KEYS_MAX);
        for (ByteString key : enqueue.getKeysIfUndeliveredList()) {
            bytes += key(key);
        }
        atMost(
                "Too many backoff intervals for a single queue message.",
                "intervals",
                enqueue.getBackoffScheduleCount(),
                INTERVALS_MAX);
        for (int millis : enqueue.getBackoffScheduleList()) {
            atMost(
                    "A backoff interval of a queue message is too long.",
                    "millis",
                    Integer.toUnsignedLong(millis),
                    INTERVAL_MILLIS_MAX);
            bytes += INTERVAL_BYTES;
        }
        if (enqueue.getDeadlineMs() < 0) {
            throw refused("Invalid mutation enqueue deadline.");
        }
        return bytes;
    }

    private static int bound(ByteString key) {
        return key(key, BOUND_BYTES_MAX);
    }

    private static int key(ByteString key) {
        return key(key, Key.ENCODED_BYTES_MAX);
    }

    private static int key(ByteString key, int max) {
        atMost("A key exceeds the key size limit.", "keyBytes", key.size(), max);
        return key.size();
    }

    private int value(ByteString value) {
        atMost("A value exceeds the value size limit.", "valueBytes", value.size(), valueBytesMax);
        return value.size();
    }

    private static void atMost(String text, String name, long count, long max) {
        if (count > max) {
            throw refused(text + " (" + name + "=" + count + ", " + name + "Max=" + max + ")");
        }
    }

    private static InvalidInputException refused(String text) {
        return new InvalidInputException("kvconnect.limit", text);
    }

    private static void range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "kvconnect.option",
                    "a limit is out of its range (" + name + "=" + value + ", min=" + min + ", max=" + max + ")");
        }
    }
}
