package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvWire;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What reading in Deno's order of keys promises: for any two byte strings the entries between them, exactly, in both
 * directions and up to any limit.
 */
public abstract class KvWireContract extends KvSuite {
    private static final int ROUNDS = 6;
    private static final int RANGES = 2_000;
    private static final int RANGES_AT_ONCE = 100;

    private final long seed = Long.getLong(RandomProgram.SEED_PROPERTY, System.nanoTime());
    private final Random random = new Random(seed);

    /** The suite over the stores of one engine. */
    protected KvWireContract() {}

    @Test
    void everyRangeHoldsWhatAPlainMapInDenosOrderHolds() {
        for (int round = 0; round < ROUNDS; round++) {
            openStore();
            TreeMap<byte[], Key> model = new TreeMap<>(Arrays::compareUnsigned);
            fill(model, round);
            for (int i = 0; i < RANGES; i += RANGES_AT_ONCE) {
                List<KvWire.Range> ranges = IntStream.range(0, RANGES_AT_ONCE)
                        .mapToObj(n -> range(List.copyOf(model.keySet())))
                        .toList();
                List<List<KvWire.Entry>> read = KvWire.in(store.session()).read(ranges);
                for (int n = 0; n < RANGES_AT_ONCE; n++) {
                    assertSame(ranges.get(n), read.get(n), model);
                }
            }
        }
    }

    @Test
    void bigIntegersStandBeforeNumbersAndRunsOfThemArePassedOver() {
        List<Key> inDenosOrder = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            for (int i = 0; i < 700; i++) {
                inDenosOrder.add(Key.of(name, BigInteger.valueOf(i)));
            }
            inDenosOrder.add(Key.of(name, -1.5));
            inDenosOrder.add(Key.of(name, 7));
            inDenosOrder.add(Key.of(name, false));
        }
        store.session().write(UnitKind.USER, tx -> {
            inDenosOrder.forEach(key -> Kv.in(tx).set(key, 1));
            return true;
        });

        assertThat(keysOf(all(1_000, false))).isEqualTo(inDenosOrder.subList(0, 1_000));
        assertThat(keysOf(all(1_000, true))).isEqualTo(inDenosOrder.reversed().subList(0, 1_000));
        byte[] afterBig = KeyWire.wire(Key.of("a", -1.5));
        assertThat(keysOf(read(new KvWire.Range(afterBig, new byte[] {(byte) 0xff}, 5, false))))
                .isEqualTo(inDenosOrder.subList(700, 705));
    }

    @Test
    void oneKeyIsFoundByItsBytesAndWhatIsNoKeyIsMissing() {
        Key key = Key.of("a", 1, BigInteger.ONE);
        kv.set(key, "value");
        kv.set(Key.of("a", 1, BigInteger.ONE, "below"), "other");
        byte[] wire = KeyWire.wire(key);

        assertThat(read(KvWire.Range.of(wire))).singleElement().satisfies(entry -> {
            assertThat(entry.wire()).isEqualTo(wire);
            assertThat(entry.entry()).isEqualTo(kv.get(key).orElseThrow());
        });
        for (byte[] noKey : List.of(new byte[0], key.encoded(), Arrays.copyOf(wire, 5), new byte[3_000])) {
            assertThat(read(KvWire.Range.of(noKey))).isEmpty();
        }
    }

    @Test
    void allRangesShowOneSnapshotAndExpiredEntriesNobody() {
        kv.set(Key.of("short"), 1, Duration.ofSeconds(1));
        kv.set(Key.of(BigInteger.TEN), 2, Duration.ofSeconds(1));
        kv.set(Key.of("long"), 3);
        KvWire.Range everything = new KvWire.Range(new byte[0], new byte[] {(byte) 0xff}, 10, false);

        List<List<KvWire.Entry>> twice = KvWire.in(store.session()).read(List.of(everything, everything));
        time.advance(Duration.ofSeconds(1));

        assertThat(keysOf(twice.getFirst())).containsExactly(Key.of("long"), Key.of("short"), Key.of(BigInteger.TEN));
        assertThat(twice.getLast()).isEqualTo(twice.getFirst());
        assertThat(keysOf(read(everything))).containsExactly(Key.of("long"));
        assertThat(read(KvWire.Range.of(KeyWire.wire(Key.of("short"))))).isEmpty();
        assertThat(KvWire.in(store.session()).read(List.of())).isEmpty();
    }

    @Test
    void insideATransactionItShowsWhatThatHasWritten() {
        List<KvEntry> seen = store.session().write(UnitKind.USER, tx -> {
            Kv.in(tx).set(Key.of("a", BigInteger.TWO), 1);
            return KvWire.in(tx)
                    .read(List.of(new KvWire.Range(new byte[0], new byte[] {(byte) 0xff}, 10, true)))
                    .getFirst()
                    .stream()
                    .map(KvWire.Entry::entry)
                    .toList();
        });

        assertThat(seen).extracting(KvEntry::key).containsExactly(Key.of("a", BigInteger.TWO));
    }

    @Test
    void aRangeAsksForAtLeastOneEntryAndNotForTooMany() {
        for (int limit : new int[] {-1, 0, KvWire.LIMIT_MAX + 1}) {
            assertThatThrownBy(() -> new KvWire.Range(new byte[0], new byte[1], limit, false))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("kv.wire_limit")
                    .hasMessageContaining("limit=" + limit);
        }
    }

    private void fill(NavigableMap<byte[], Key> model, int round) {
        int bigIntegersOfTen = round * 2;
        store.session().write(UnitKind.USER, tx -> {
            Kv inside = Kv.in(tx);
            for (int i = 0; i < 150; i++) {
                Key key = Key.of(parts(bigIntegersOfTen).toArray());
                inside.set(key, Map.of("key", key.toString()));
                model.put(KeyWire.wire(key), key);
            }
            return true;
        });
    }

    private List<Object> parts(int bigIntegersOfTen) {
        List<Object> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            parts.add(
                    random.nextInt(10) < bigIntegersOfTen
                            ? BigInteger.valueOf(random.nextInt(5) - 2).shiftLeft(random.nextInt(3) * 30)
                            : part());
        }
        return parts;
    }

    private Object part() {
        return switch (random.nextInt(5)) {
            case 0 -> new byte[] {(byte) random.nextInt(3)};
            case 1 -> random.nextInt(5) - 2.5;
            case 2 -> random.nextBoolean();
            default -> List.of("", "a", "b", "a\0", "\u0014").get(random.nextInt(5));
        };
    }

    private KvWire.Range range(List<byte[]> keys) {
        byte[] start = bound(keys);
        byte[] end = random.nextInt(20) == 0 ? Arrays.copyOf(start, start.length + 1) : bound(keys);
        boolean ordered = random.nextInt(10) == 0 || Arrays.compareUnsigned(start, end) <= 0;
        int limit = random.nextInt(4) == 0 ? KvWire.LIMIT_MAX : 1 + random.nextInt(12);
        return new KvWire.Range(ordered ? start : end, ordered ? end : start, limit, random.nextBoolean());
    }

    /** Bytes close to a key's: itself, cut, continued or changed; at times the ends of everything. */
    private byte[] bound(List<byte[]> keys) {
        if (random.nextInt(12) == 0) {
            return random.nextBoolean() ? new byte[0] : new byte[] {(byte) 0xff};
        }
        byte[] key = random.nextInt(4) > 0
                ? keys.get(random.nextInt(keys.size()))
                : KeyWire.wire(Key.of(parts(5).toArray()));
        byte[] bound = Arrays.copyOf(key, random.nextInt(3) > 0 ? key.length : random.nextInt(key.length + 3));
        for (int changes = random.nextInt(3) - 1; changes > 0 && bound.length > 0; changes--) {
            int at = random.nextBoolean() ? bound.length - 1 : random.nextInt(bound.length);
            bound[at] = (byte) (random.nextBoolean() ? random.nextInt(0x2a) : random.nextInt());
        }
        return bound;
    }

    private void assertSame(KvWire.Range range, List<KvWire.Entry> read, NavigableMap<byte[], Key> model) {
        List<Key> inRange = Arrays.compareUnsigned(range.start(), range.end()) >= 0
                ? List.of()
                : List.copyOf(model.subMap(range.start(), range.end()).values());
        List<Key> directed = range.reverse() ? inRange.reversed() : inRange;
        List<Key> expected = directed.subList(0, Math.min(range.limit(), directed.size()));
        HexFormat hex = HexFormat.of();

        assertThat(keysOf(read))
                .as(
                        "-D%s=%d: [%s, %s) limit %d reverse %s",
                        RandomProgram.SEED_PROPERTY,
                        seed,
                        hex.formatHex(range.start()),
                        hex.formatHex(range.end()),
                        range.limit(),
                        range.reverse())
                .isEqualTo(expected);
        assertThat(read).allSatisfy(entry -> {
            assertThat(entry.wire()).isEqualTo(KeyWire.wire(entry.entry().key()));
            assertThat(entry.entry().value().json().path("key").stringValue())
                    .isEqualTo(entry.entry().key().toString());
        });
    }

    private List<KvWire.Entry> all(int limit, boolean reverse) {
        return read(new KvWire.Range(new byte[0], new byte[] {(byte) 0xff}, limit, reverse));
    }

    private List<KvWire.Entry> read(KvWire.Range range) {
        return KvWire.in(store.session()).read(List.of(range)).getFirst();
    }

    private static List<Key> keysOf(List<KvWire.Entry> entries) {
        return entries.stream().map(entry -> entry.entry().key()).toList();
    }
}
