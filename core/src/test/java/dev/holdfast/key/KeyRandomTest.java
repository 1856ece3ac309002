package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Random keys against what is promised of them, without a look at the bytes. */
class KeyRandomTest {
    private static final int ROUNDS = 100_000;

    private final RandomKeys keys = new RandomKeys();

    @Test
    void everyFormReadsBackAsTheSameKey() {
        for (int i = 0; i < ROUNDS; i++) {
            List<Object> parts = keys.parts();
            if (isTooLarge(parts)) {
                continue;
            }

            Key key = Key.of(parts);

            Key stored = Key.decode(key.bytes());
            assertThat(stored).as(keys.seedText).isEqualTo(key);
            assertThat(plain(stored))
                    .as(keys.seedText)
                    .usingElementComparator(this::same)
                    .isEqualTo(parts);
            assertThat(KeyWire.decode(KeyWire.wire(key))).as(keys.seedText).isEqualTo(key);
            assertThat(Key.of(key.parts())).as(keys.seedText).isEqualTo(key);
            if (i % 10 == 0) {
                assertThat(KeyJson.parse(key.toString())).as(keys.seedText).isEqualTo(key);
                KeyPath.print(key)
                        .ifPresent(path ->
                                assertThat(KeyPath.key(path)).as(keys.seedText).isEqualTo(key));
            }
        }
    }

    @Test
    void comparesAsTheModelDoes() {
        for (int i = 0; i < ROUNDS; i++) {
            List<Object> a = keys.parts();
            List<Object> b = near(a);
            if (isTooLarge(a) || isTooLarge(b)) {
                continue;
            }

            int order = Integer.signum(Key.of(a).compareTo(Key.of(b)));
            int wire = Integer.signum(Arrays.compareUnsigned(KeyWire.wire(Key.of(a)), KeyWire.wire(Key.of(b))));

            assertThat(order).as("%s: %s, %s", keys.seedText, a, b).isEqualTo(sign(RandomKeys.ORDER.compare(a, b)));
            assertThat(wire).as("%s: %s, %s", keys.seedText, a, b).isEqualTo(sign(RandomKeys.WIRE_ORDER.compare(a, b)));
            assertThat(Key.of(a).equals(Key.of(b))).as(keys.seedText).isEqualTo(order == 0);
        }
    }

    @Test
    void prefixesCoverWholePartsOnly() {
        for (int i = 0; i < ROUNDS; i++) {
            List<Object> parts = keys.parts();
            List<Object> prefixParts = near(parts).subList(0, keys.random.nextInt(2));
            if (keys.random.nextBoolean()) {
                prefixParts = parts.subList(0, keys.random.nextInt(parts.size() + 1));
            }
            if (isTooLarge(parts)) {
                continue;
            }
            Key key = Key.of(parts);
            KeyPrefix prefix = KeyPrefix.of(prefixParts);
            boolean starts = prefixParts.size() <= parts.size()
                    && RandomKeys.ORDER.compare(prefixParts, parts.subList(0, prefixParts.size())) == 0;
            boolean below = starts && parts.size() > prefixParts.size();
            Supplier<String> about = () -> keys.seedText + ": " + prefix + ", " + key;

            assertThat(key.startsWith(prefix)).as(about).isEqualTo(starts);
            assertThat(prefix.covers(key)).as(about).isEqualTo(below);
            assertThat(prefix.below().contains(key)).as(about).isEqualTo(below);
            assertThat(prefix.withSelf().contains(key)).as(about).isEqualTo(starts);
        }
    }

    @Test
    void anyBytesAreRefusedOrAreTheOneEncodingOfAKey() {
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = damaged(Key.of(keys.partsWithoutBigIntegers()).bytes());
            Key key;
            try {
                key = Key.decode(bytes);
            } catch (InvalidInputException refused) {
                assertThat(refused.code()).as(keys.seedText).isEqualTo("key.malformed");
                continue;
            }

            assertThat(Key.of(key.parts()).bytes()).as(keys.seedText).isEqualTo(bytes);
            accepted++;
        }
        assertThat(accepted).as(keys.seedText).isBetween(ROUNDS / 100, ROUNDS - ROUNDS / 100);
    }

    private byte[] damaged(byte[] key) {
        int at = keys.random.nextInt(key.length);
        byte[] bytes = keys.random.nextInt(4) == 0 ? Arrays.copyOf(key, at) : key.clone();
        if (bytes.length > 0) {
            bytes[keys.random.nextInt(bytes.length)] =
                    (byte) (keys.random.nextInt(12) == 0 ? 0 : keys.random.nextInt());
        }
        return bytes;
    }

    /** Another key that often shares the beginning. */
    private List<Object> near(List<Object> parts) {
        List<Object> near = new ArrayList<>(parts.subList(0, keys.random.nextInt(parts.size() + 1)));
        if (near.isEmpty() || (near.size() < Key.PARTS_MAX && keys.random.nextBoolean())) {
            near.add(keys.part());
        }
        return near;
    }

    private static boolean isTooLarge(List<Object> parts) {
        int bytes = parts.stream()
                .mapToInt(part -> part instanceof BigInteger big ? big.bitLength() / 8 + 3 : 40)
                .sum();
        return bytes > Key.ENCODED_BYTES_MAX;
    }

    private static List<Object> plain(Key key) {
        return key.parts().stream().map(KeyPart::toJava).toList();
    }

    private int same(Object a, Object b) {
        return RandomKeys.ORDER.compare(List.of(a), List.of(b));
    }

    private static int sign(int comparison) {
        return Integer.signum(comparison);
    }
}
