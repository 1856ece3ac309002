package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of keys, from vectors that Deno wrote; the stored form differs from them in the tag of numbers alone. */
class KeyEncodingTest {
    private static final BigInteger TWO_63 = BigInteger.TWO.pow(63);
    private static final BigInteger TWO_64 = BigInteger.TWO.pow(64);

    static Stream<Arguments> vectors() {
        return Stream.of(
                vector("026100", "026100", "a"),
                vector("0200", "0200", ""),
                vector("026100ff6200", "026100ff6200", "a\0b"),
                vector("02c3a900", "02c3a900", "é"),
                vector("02f09f988000", "02f09f988000", "😀"),
                vector("0275736572730002616c69636500", "0275736572730002616c69636500", "users", "alice"),
                vector("0100", "0100", (Object) new byte[0]),
                vector("0100ffff0100", "0100ffff0100", (Object) new byte[] {0, (byte) 255, 1}),
                vector("218000000000000000", "058000000000000000", 0),
                vector("217fffffffffffffff", "057fffffffffffffff", -0.0),
                vector("21bff0000000000000", "05bff0000000000000", 1),
                vector("21400fffffffffffff", "05400fffffffffffff", -1),
                vector("21bff8000000000000", "05bff8000000000000", 1.5),
                vector("214007ffffffffffff", "054007ffffffffffff", -1.5),
                vector("21c19d6f3454000000", "05c19d6f3454000000", 123456789),
                vector("21c33fffffffffffff", "05c33fffffffffffff", 9007199254740991L),
                vector("218000000000000001", "058000000000000001", Double.MIN_VALUE),
                vector("21fff0000000000000", "05fff0000000000000", Double.POSITIVE_INFINITY),
                vector("21000fffffffffffff", "05000fffffffffffff", Double.NEGATIVE_INFINITY),
                vector("21fff8000000000000", "05fff8000000000000", Double.NaN),
                vector("14", "14", BigInteger.ZERO),
                vector("1501", "1501", BigInteger.ONE),
                vector("15ff", "15ff", BigInteger.valueOf(255)),
                vector("160100", "160100", BigInteger.valueOf(256)),
                vector("17010000", "17010000", BigInteger.valueOf(65536)),
                vector("13fe", "13fe", BigInteger.valueOf(-1)),
                vector("1300", "1300", BigInteger.valueOf(-255)),
                vector("12feff", "12feff", BigInteger.valueOf(-256)),
                vector("1c7fffffffffffffff", "1c7fffffffffffffff", TWO_63.subtract(BigInteger.ONE)),
                vector("1cffffffffffffffff", "1cffffffffffffffff", TWO_64.subtract(BigInteger.ONE)),
                vector("0c0000000000000000", "0c0000000000000000", BigInteger.ONE.subtract(TWO_64)),
                vector("1d09010000000000000000", "1d09010000000000000000", TWO_64),
                vector("0bf6feffffffffffffffff", "0bf6feffffffffffffffff", TWO_64.negate()),
                vector("1d11" + "01" + "00".repeat(16), "1d11" + "01" + "00".repeat(16), BigInteger.TWO.pow(128)),
                vector("27", "27", true),
                vector("26", "26", false),
                vector(
                        "02610021bff0000000000000150127010700",
                        "02610005bff0000000000000150127010700",
                        "a",
                        1,
                        BigInteger.ONE,
                        true,
                        new byte[] {7}));
    }

    private static Arguments vector(String wire, String stored, Object... parts) {
        return Arguments.of(wire, stored, Key.of(parts));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("vectors")
    void storesWhatDenoWritesButForTheTagOfNumbers(String wire, String stored, Key key) {
        assertThat(hex(key.bytes())).isEqualTo(stored);
        assertThat(hex(KeyWire.wire(key))).isEqualTo(wire);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("vectors")
    void readsBothFormsBack(String wire, String stored, Key key) {
        assertThat(Key.decode(HexFormat.of().parseHex(stored))).isEqualTo(key);
        assertThat(KeyWire.read(HexFormat.of().parseHex(wire))).contains(key);
    }

    @Test
    void encodesEveryCharacterAsItsUtf8() {
        for (int c = 1; c <= Character.MAX_CODE_POINT; c += c < 0x900 ? 1 : 0x35) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }

            String text = Character.toString(c);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

            assertThat(hex(Key.of(text).bytes())).isEqualTo("02" + hex(utf8) + "00");
            assertThat(Key.of(text).get(0, String.class)).isEqualTo(text);
        }
    }

    @Test
    void storesALoneSurrogateAsTheReplacementCharacter() {
        for (String lone : List.of("\ud800", "\udc00", "\ud800x", "\udc00\ud800")) {
            String replaced = lone.replace('\ud800', '\ufffd').replace('\udc00', '\ufffd');

            assertThat(Key.of(lone)).isEqualTo(Key.of(replaced));
            assertThat(Key.of(lone).get(0, String.class)).isEqualTo(replaced);
        }
    }

    @Test
    void makesEveryNanTheSameAndKeepsNegativeZeroApart() {
        double otherNan = Double.longBitsToDouble(0xfff8_0000_0000_1234L);

        assertThat(Key.of(otherNan)).isEqualTo(Key.of(Double.NaN));
        assertThat(Key.of(-0.0)).isNotEqualTo(Key.of(0.0)).isLessThan(Key.of(0.0));
        assertThat(Key.of(-0.0).parts()).containsExactly(new KeyPart.Num(-0.0));
    }

    @Test
    void takesEveryKindOfSmallNumberAsTheSamePart() {
        List<Object> ones = List.of((byte) 1, (short) 1, 1, 1L, 1.0f, 1.0);

        assertThat(ones).allSatisfy(one -> assertThat(Key.of(one)).isEqualTo(Key.of(1)));
    }

    @Test
    void holdsTheLongestOfEachPart() {
        byte[] bytes = new byte[Key.PART_BYTES_MAX];
        Arrays.fill(bytes, (byte) 1);
        BigInteger big = BigInteger.ONE.shiftLeft(8 * Key.BIG_INTEGER_BYTES_MAX).subtract(BigInteger.ONE);
        String text = "x".repeat(Key.PART_CHARS_MAX);
        Object[] many = IntStream.range(0, Key.PARTS_MAX).boxed().toArray();

        assertThat(Key.decode(Key.of((Object) bytes).bytes()).get(0, byte[].class))
                .isEqualTo(bytes);
        assertThat(Key.decode(Key.of(big, big.negate()).bytes()).parts())
                .containsExactly(new KeyPart.BigInt(big), new KeyPart.BigInt(big.negate()));
        assertThat(Key.decode(Key.of(text).bytes()).get(0, String.class)).isEqualTo(text);
        assertThat(Key.decode(Key.of(many).bytes()).size()).isEqualTo(Key.PARTS_MAX);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
