package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.v8.V8Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Entries in Deno's order of keys, in which big integers stand before numbers: what a face that speaks KV Connect
 * reads, commits and watches. Keys and bounds are bytes as they travel there, see {@link KeyWire}; the entries are
 * those of {@link Kv}.
 *
 * <p>Blocks the calling thread. A view may be used by many threads, or by that of its transaction.
 */
public final class KvWire {
    /** Entries that one range may ask for. */
    public static final int LIMIT_MAX = 1_000;

    private final Session session;
    private final KvRoom room;

    private KvWire(Session session, KvRoom room) {
        this.session = session;
        this.room = room;
    }

    /** The entries of a session: of one namespace, or of one open transaction. */
    public static KvWire in(Session session) {
        return new KvWire(session, KvRoom.of(session.database()));
    }

    /**
     * The entries of each of the ranges, all of them from one snapshot. A range costs two statements, one of a single
     * key costs one; where keys with big integers lie between others, it may be more.
     *
     * @return one list per range, in the order of the ranges; its entries in the direction of the range
     */
    public List<List<Entry>> read(List<Range> ranges) {
        List<Range> wanted = List.copyOf(ranges);
        Function<Tx, List<List<Entry>>> read =
                tx -> wanted.stream().map(range -> entries(tx, range)).toList();
        return wanted.stream().allMatch(Range::isOneKey) ? session.read(read) : session.scan(read);
    }

    /**
     * Applies checks and mutations in one transaction, as {@link Kv#commit} does.
     *
     * @param checks looked at first; all must hold. What is no key that can be stored is missing, always
     * @param mutations applied in order, seeing each other
     */
    public KvCommit commit(List<Check> checks, List<KvMutation> mutations) {
        List<KvCheck> open = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            Check check = checks.get(i);
            Optional<Key> key = KeyWire.read(check.key());
            if (key.isPresent()) {
                open.add(new KvCheck(key.get(), check.versionstamp()));
                places.add(i);
            } else if (check.versionstamp().isPresent()) {
                failed.add(i);
            }
        }
        if (failed.isEmpty()) {
            return switch (Kv.in(session).commit(open, mutations)) {
                case KvCommit.Committed committed -> committed;
                case KvCommit.Conflict conflict ->
                    new KvCommit.Conflict(
                            conflict.failedChecks().stream().map(places::get).toList());
            };
        }
        // Nothing will be written any more; which other checks fail is still to be told.
        KvPlan plan = new KvPlan(open, List.of(), room.limits());
        session.read(tx -> plan.read(tx, room.sql())).forEach(place -> failed.add(places.get(place)));
        return new KvCommit.Conflict(failed.stream().sorted().toList());
    }

    /**
     * Tells a listener what some keys hold, at first and whenever that has changed, until the watch is closed. Each
     * time all of them are read from one snapshot. Changes that follow each other quickly may be told at once; the last
     * state always comes. The listener is called on a thread of the watch, one call at a time, and may block it; at
     * first perhaps on the caller's.
     *
     * @param keys up to 1,000, in wire bytes; what is no key that can be stored is missing
     * @param listener is told what each of the keys holds, in their order; nothing where one is missing
     */
    public KvWatch watch(List<byte[]> keys, Consumer<List<Optional<Entry>>> listener) {
        KvWireWatch watch = new KvWireWatch(this, keys, listener);
        List<Key> real =
                keys.stream().flatMap(key -> KeyWire.read(key).stream()).toList();
        if (real.isEmpty()) {
            watch.look();
        }
        return Kv.in(session).watch(KvWatchOptions.keys(real.toArray(Key[]::new)), event -> watch.look());
    }

    /**
     * A value as Deno reads it: JSON as the V8 value that stands for it, all others as they are.
     *
     * @throws InvalidInputException the JSON has no such form
     */
    public static KvValue seen(KvValue value) {
        return value.encoding() == Encoding.JSON ? new KvValue(Encoding.V8, V8Json.encode(value.json())) : value;
    }

    private List<Entry> entries(Tx tx, Range range) {
        if (range.isEmpty()) {
            return List.of();
        }
        if (range.isOneKey()) {
            // What is no key can be stored by nobody: to a reader it is missing.
            return KeyWire.read(range.start())
                    .flatMap(key -> room.sql().get(tx, tx.ns(), key, tx.now()))
                    .map(entry -> List.of(new Entry(range.start().clone(), entry)))
                    .orElseGet(List::of);
        }
        return new KvWireScan(tx, room.wireSql(), range).entries();
    }

    /**
     * A range of keys by their bytes on the wire, in the order of unsigned bytes.
     *
     * @param start the first byte string, inclusive; any bytes, also some that are no key. Shared, not to be modified
     * @param end the byte string that ends it, exclusive; where it is not above {@code start} nothing is in the range.
     *     Shared, not to be modified
     * @param limit entries at most, 1 to {@value KvWire#LIMIT_MAX}
     * @param reverse from the last key to the first
     */
    public record Range(byte[] start, byte[] end, int limit, boolean reverse) {
        /** Checks the limit: {@code kv.wire_limit}. */
        public Range {
            Objects.requireNonNull(start, "start");
            Objects.requireNonNull(end, "end");
            if (limit < 1 || limit > LIMIT_MAX) {
                throw new InvalidInputException(
                        "kv.wire_limit",
                        "a range asks for too few or too many entries (limit=" + limit + ", limitMax=" + LIMIT_MAX
                                + ")");
            }
        }

        /** The range that holds one key and nothing else. */
        public static Range of(byte[] key) {
            return new Range(key, Arrays.copyOf(key, key.length + 1), 1, false);
        }

        boolean isEmpty() {
            return Arrays.compareUnsigned(start, end) >= 0;
        }

        boolean isOneKey() {
            return end.length == start.length + 1
                    && end[start.length] == 0
                    && Arrays.equals(start, 0, start.length, end, 0, start.length);
        }

        /** Ranges are equal when they hold the same bytes and ask for the same. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Range that
                    && Arrays.equals(start, that.start)
                    && Arrays.equals(end, that.end)
                    && limit == that.limit
                    && reverse == that.reverse;
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
        }

        @Override
        public String toString() {
            return "Range[startBytes=" + start.length + ", endBytes=" + end.length + ", limit=" + limit + ", reverse="
                    + reverse + "]";
        }
    }

    /**
     * A condition of an atomic commit, with a key as it travels.
     *
     * @param key any bytes. Shared, not to be modified
     * @param versionstamp what the entry must carry; none: it must not exist
     */
    public record Check(byte[] key, Optional<Versionstamp> versionstamp) {
        /** Checks for null. */
        public Check {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(versionstamp, "versionstamp");
        }

        /** Checks are equal when they hold the same bytes and ask for the same. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Check that
                    && Arrays.equals(key, that.key)
                    && versionstamp.equals(that.versionstamp);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(key) + versionstamp.hashCode();
        }

        @Override
        public String toString() {
            return "Check[keyBytes=" + key.length + ", versionstamp=" + versionstamp + "]";
        }
    }

    /**
     * An entry with its key as it travels.
     *
     * @param wire the bytes of the key in Deno's order. Shared, not to be modified
     * @param entry the entry
     */
    public record Entry(byte[] wire, KvEntry entry) {
        /** An entry under its own key. */
        static Entry of(KvEntry entry) {
            Key key = entry.key();
            return new Entry(KeyWire.wire(key), entry);
        }

        /** Entries are equal when what they hold is. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Entry that && Arrays.equals(wire, that.wire) && entry.equals(that.entry);
        }

        @Override
        public int hashCode() {
            return entry.hashCode();
        }

        @Override
        public String toString() {
            return entry.toString();
        }
    }
}
