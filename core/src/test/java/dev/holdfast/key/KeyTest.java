package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KeyTest {
    @Test
    void ordersByKindThenByValueThenByLength() {
        List<Key> ordered = List.of(
                Key.of((Object) new byte[0]),
                Key.of((Object) new byte[] {0}),
                Key.of((Object) new byte[] {(byte) 0xff}),
                Key.of(""),
                Key.of("user"),
                Key.of("user", new byte[] {9}),
                Key.of("user", "1"),
                Key.of("user", -1000),
                Key.of("user", 1),
                Key.of("user", 2),
                Key.of("user", 10),
                Key.of("user", 10, "x"),
                Key.of("user", new BigInteger("-99999999999999999999")),
                Key.of("user", BigInteger.valueOf(-6)),
                Key.of("user", BigInteger.valueOf(-5)),
                Key.of("user", BigInteger.ZERO),
                Key.of("user", false),
                Key.of("user", true),
                Key.of("user\0"),
                Key.of("users"),
                Key.of("\uffff"),
                Key.of("\ud83d\ude00"), // above U+FFFF by its UTF-8 bytes, though not by its UTF-16 units
                Key.of(Double.NEGATIVE_INFINITY),
                Key.of(0),
                Key.of(Double.NaN),
                Key.of(BigInteger.ONE.shiftLeft(2000)),
                Key.of(true));

        assertThat(ordered).isSorted();
        assertThat(ordered).doesNotHaveDuplicates();
    }

    @Test
    void equalsByKindAndValue() {
        List<Key> ones = List.of(Key.of(1), Key.of("1"), Key.of(BigInteger.ONE), Key.of(true));

        assertThat(ones).doesNotHaveDuplicates();
        assertThat(Key.of("a", 1)).isEqualTo(Key.of(List.of("a", 1L))).hasSameHashCodeAs(Key.of("a", 1.0));
        assertThat(Key.of("a")).isNotEqualTo("a");
    }

    @Test
    void refusesNoPartsAndMoreThanTwenty() {
        Object[] tooMany = new Object[21];
        Arrays.fill(tooMany, 1);

        refused(Key::of, "key.empty", "Key cannot be empty. Provide at least one key part, e.g. [\"users\", 123]");
        refused(() -> Key.of(tooMany), "key.too_deep", "Key too deep: 21 parts (max 20).");
        refused(
                () -> Key.of("a").append(Arrays.copyOf(tooMany, 20)),
                "key.too_deep",
                "Key too deep: 21 parts (max 20).");
    }

    @Test
    void refusesLongPartsAndNamesTheirPlace() {
        String text = "x".repeat(1025);
        BigInteger big = BigInteger.ONE.shiftLeft(8 * 255);

        refused(() -> Key.of(text), "key.part_too_long", "Key part at index 0 too long: 1025 chars (max 1024).");
        refused(
                () -> Key.of("a", "b").append(text),
                "key.part_too_long",
                "Key part at index 2 too long: 1025 chars (max 1024).");
        refused(
                () -> Key.of("a", new byte[1025]),
                "key.part_too_long",
                "Key part at index 1 too large: 1025 bytes (max 1024)");
        refused(() -> Key.of(big), "key.part_too_long", "Key part at index 0 too large: 256 bytes (max 255)");
        refused(() -> Key.of(big.negate()), "key.part_too_long", "Key part at index 0 too large: 256 bytes (max 255)");
    }

    @Test
    void countsEncodedBytesForTheSizeOfTheWhole() {
        String half = "x".repeat(1022);

        assertThat(Key.of(half, half).bytes()).hasSize(Key.ENCODED_BYTES_MAX);
        refused(() -> Key.of(half, half, true), "key.too_large", "Key too large: 2049 bytes (max 2048)");
        refused(() -> Key.of("漢".repeat(1024)), "key.too_large", "Key too large: 3074 bytes (max 2048)");
        refused(() -> Key.of(half, half).append(true), "key.too_large", "Key too large: 2049 bytes (max 2048)");
    }

    @Test
    void refusesLongsThatADoubleCannotTellApart() {
        long exact = 1L << 53;

        assertThat(Key.of(exact).get(0, Long.class)).isEqualTo(exact);
        assertThat(Key.of(-exact).get(0, Long.class)).isEqualTo(-exact);
        for (long inexact : new long[] {exact + 1, -exact - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            refused(
                    () -> Key.of("id", inexact),
                    "key.invalid_part",
                    "Invalid key part at index 1: expected (string | number | bigint | boolean | Uint8Array),"
                            + " received number: " + inexact);
        }
    }

    @Test
    void refusesOtherTypesByClassAndNullByPlace() {
        refused(
                () -> Key.of("a", URI.create("secret")),
                "key.invalid_part",
                "Invalid key part at index 1: expected (string | number | bigint | boolean | Uint8Array),"
                        + " received java.net.URI");
        refused(() -> Key.of(BigDecimal.ONE), "key.invalid_part", "Invalid key part at index 0");
        assertThatNullPointerException()
                .isThrownBy(() -> Key.of(Arrays.asList("a", null)))
                .withMessage("parts[1]");
    }

    @Test
    void neverSharesWhatACallerCouldChange() {
        byte[] given = {1, 2};
        Key key = Key.of((Object) given);
        Key same = Key.of((Object) new byte[] {1, 2});

        given[0] = 9;
        key.bytes()[1] = 9;
        key.get(0, byte[].class)[0] = 9;
        ((byte[]) key.parts().get(0).toJava())[0] = 9;
        byte[] stored = same.bytes();
        Key decoded = Key.decode(stored);
        stored[1] = 9;

        assertThat(key).isEqualTo(same).isEqualTo(decoded);
        assertThat(key.parts()).isUnmodifiable();
        assertThat(key.encoded()).isSameAs(key.encoded()).isEqualTo(key.bytes());
    }

    @Test
    void givesPartsAsJavaValues() {
        Key key = Key.of("users", 42, 1.5, BigInteger.TEN, true, new byte[] {7}, -0.0);

        assertThat(key.get(0, String.class)).isEqualTo("users");
        assertThat(key.get(1, Integer.class)).isEqualTo(42);
        assertThat(key.get(1, Long.class)).isEqualTo(42L);
        assertThat(key.get(1, Double.class)).isEqualTo(42.0);
        assertThat(key.get(2, Number.class)).isEqualTo(1.5);
        assertThat(key.get(3, BigInteger.class)).isEqualTo(BigInteger.TEN);
        assertThat(key.get(4, Boolean.class)).isTrue();
        assertThat(key.get(5, byte[].class)).containsExactly(7);
        refused(
                () -> key.get(1, String.class),
                "key.part_type",
                "the key part is of another type (index=1, expected=String, kind=Num)");
        refused(() -> key.get(2, Integer.class), "key.part_type", "the key part is of another type (index=2");
        refused(() -> key.get(6, Long.class), "key.part_type", "the key part is of another type (index=6");
    }

    @Test
    void refusesIntegersThatDoNotFit() {
        Key key = Key.of(1L << 40, 1e300);

        assertThat(key.get(0, Long.class)).isEqualTo(1L << 40);
        refused(() -> key.get(0, Integer.class), "key.part_type", "the key part is of another type (index=0");
        refused(() -> key.get(1, Long.class), "key.part_type", "the key part is of another type (index=1");
    }

    @Test
    void appendsWholeParts() {
        Key users = Key.of("users");

        assertThat(users.append(42, "name")).isEqualTo(Key.of("users", 42, "name"));
        assertThat(users.append(42).size()).isEqualTo(2);
        assertThat(users.append()).isSameAs(users);
    }

    @Test
    void startsWithWholePartsOnly() {
        Key key = Key.of("user", 1, "x");

        assertThat(key.startsWith(key)).isTrue();
        assertThat(key.startsWith(Key.of("user"))).isTrue();
        assertThat(key.startsWith(Key.of("user", 1))).isTrue();
        assertThat(key.startsWith(Key.of("use"))).isFalse();
        assertThat(key.startsWith(Key.of("user", 1, "x", "y"))).isFalse();
        assertThat(Key.of("user\0").startsWith(Key.of("user"))).isFalse();
        assertThat(Key.of("user\0a", 1).startsWith(Key.of("user\0a"))).isTrue();
        assertThat(Key.of((Object) new byte[] {1, 0}).startsWith(Key.of((Object) new byte[] {1})))
                .isFalse();
    }

    @Test
    void printsItsJson() {
        assertThat(Key.of("users", 42, true)).hasToString("[\"users\",42,true]");
    }

    private static void refused(ThrowingCallable call, String code, String detail) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.detail()).startsWith(detail));
    }
}
