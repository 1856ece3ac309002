package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deno's order of keys, and the place of its bounds in ours. The bytes of keys themselves: {@link KeyEncodingTest}. */
class KeyWireTest {
    private static final int ROUNDS = 200_000;

    @ParameterizedTest
    @ValueSource(
            strings = {"", "05bff0000000000000", "02610005bff0000000000000", "21bff0", "0261", "28", "00", "02ff00"})
    void takesOnlyKeysOffTheWire(String hex) {
        byte[] wire = HexFormat.of().parseHex(hex);

        assertThat(KeyWire.read(wire)).isEmpty();
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> KeyWire.decode(wire))
                .satisfies(e -> assertThat(e.code()).isEqualTo("key.malformed"));
    }

    @Test
    void refusesLargeKeysBySize() {
        assertThat(KeyWire.read(new byte[2049])).isEmpty();
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> KeyWire.decode(new byte[2049]))
                .withMessage("key.too_large: Key too large: 2049 bytes (max 2048)");
    }

    @Test
    void leavesItsInputAlone() {
        byte[] wire = HexFormat.of().parseHex("21bff0000000000000");
        Key key = KeyWire.decode(wire);

        byte[] again = KeyWire.wire(key);
        again[0] = 0;

        assertThat(wire[0]).isEqualTo((byte) 0x21);
        assertThat(key).isEqualTo(Key.of(1));
        assertThat(KeyWire.wire(key)).isEqualTo(wire);
    }

    @Test
    void findsTheFirstBigInteger() {
        byte[] inText = Key.of("\u0014\u0015", new byte[] {0x14}, 1.5, false).encoded();

        assertThat(KeyWire.bigIntegerAt(inText)).isEqualTo(-1);
        assertThat(KeyWire.bigIntegerAt(Key.of(BigInteger.TEN).encoded())).isZero();
        assertThat(KeyWire.bigIntegerAt(
                        Key.of("a", 1, BigInteger.ONE, BigInteger.TWO).encoded()))
                .isEqualTo(12);
        assertThat(KeyWire.bigIntegerAt(
                        Key.of("a", BigInteger.ONE.shiftLeft(100).negate()).encoded()))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                     ''",
        "00,                     00",
        "0000ff,                 00",
        "026100,                 026100",
        "02610000,               02610000",
        "026100ff,               026100ff",
        "0261,                   0261",
        "0102,                   0102",
        "02ffff00,               02ffff00",
        "03,                     03",
        "05bff0000000000000,     03",
        "0a,                     03",
        "026100150127,           02610003",
        "14,                     03",
        "1d,                     03",
        "0b,                     03",
        "1e,                     03",
        "2020,                   03",
        "21,                     05",
        "21bff0,                 05bff0",
        "21bff0000000000000,     05bff0000000000000",
        "21bff000000000000021bf, 05bff000000000000005bf",
        "21bff000000000000015,   05bff000000000000003",
        "22,                     1e",
        "25ff,                   1e",
        "26,                     26",
        "2727,                   2727",
        "2628,                   2628",
        "28,                     28",
        "ff,                     28",
        "026100ff00,             026100ff00",
        "026100ff00ff,           026100ff00ff",
        "0261002600,             0261002600",
        "02610026ff,             0261002628"
    })
    void placesBoundsByTheirWholeParts(String bound, String expected) {
        byte[] given = HexFormat.of().parseHex(bound);

        byte[] cut = KeyWire.cut(given);

        assertThat(HexFormat.of().formatHex(cut)).isEqualTo(expected);
        assertThat(HexFormat.of().formatHex(given)).isEqualTo(bound);
    }

    @Test
    void dividesKeysInStoredOrderAsTheBoundDoesOnTheWire() {
        RandomKeys keys = new RandomKeys();
        int below = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Key key = Key.of(keys.partsWithoutBigIntegers());
            byte[] bound = bound(keys, key);

            boolean onWire = Arrays.compareUnsigned(KeyWire.wire(key), bound) < 0;
            boolean stored = Arrays.compareUnsigned(key.encoded(), KeyWire.cut(bound)) < 0;

            assertThat(stored).as("%s: %s, %s", keys.seedText, key, bound).isEqualTo(onWire);
            below += onWire ? 1 : 0;
        }
        assertThat(below).as(keys.seedText).isBetween(ROUNDS / 5, 4 * ROUNDS / 5);
    }

    /** Bytes close to a key's: cut, continued, changed, or those of another key that may hold big integers. */
    private static byte[] bound(RandomKeys keys, Key key) {
        Key origin = keys.random.nextInt(3) > 0 ? key : Key.of(keys.part());
        byte[] wire = KeyWire.wire(origin);
        byte[] bound = Arrays.copyOf(wire, keys.random.nextInt(wire.length + 1) + keys.random.nextInt(3));
        for (int changes = keys.random.nextInt(3); changes > 0 && bound.length > 0; changes--) {
            int at = keys.random.nextBoolean() ? bound.length - 1 : keys.random.nextInt(bound.length);
            bound[at] = (byte) (keys.random.nextBoolean() ? keys.random.nextInt(0x2a) : keys.random.nextInt());
        }
        return bound;
    }
}
