package dev.holdfast.codec;

import static dev.holdfast.codec.JsonCodecTest.bytes;
import static dev.holdfast.codec.JsonCodecTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;

class NumberCodecTest {
    @SuppressWarnings("ArrayRecordComponent")
    record Numbers(
            long primitive,
            Long boxed,
            BigInteger big,
            List<Long> list,
            long[] array,
            Optional<Long> maybe,
            Object any) {}

    @ParameterizedTest
    @CsvSource({
        "9007199254740991, 9007199254740991",
        "-9007199254740991, -9007199254740991",
        "9007199254740992, '{\"__type\":\"bigint\",\"value\":\"9007199254740992\"}'",
        "-9007199254740992, '{\"__type\":\"bigint\",\"value\":\"-9007199254740992\"}'",
        "9223372036854775807, '{\"__type\":\"bigint\",\"value\":\"9223372036854775807\"}'",
        "-9223372036854775808, '{\"__type\":\"bigint\",\"value\":\"-9223372036854775808\"}'"
    })
    void tagsIntegersThatADoubleCannotHold(long value, String expected) {
        assertThat(json(Codecs.json(Long.class), value)).isEqualTo(expected);
        assertThat(json(Codecs.json(long.class), value)).isEqualTo(expected);
        assertThat(json(Codecs.json(BigInteger.class), BigInteger.valueOf(value)))
                .isEqualTo(expected);
        assertThat(json(Codecs.json(long[].class), new long[] {1, value})).isEqualTo("[1," + expected + "]");
        assertThat(json(Codecs.json(Object.class), Map.of("a", value))).isEqualTo("{\"a\":" + expected + "}");
    }

    @Test
    void bringsIntegersBackWhereverTheyStand() {
        long large = Long.MIN_VALUE;
        Numbers value = new Numbers(
                large,
                large,
                BigInteger.TWO.pow(100),
                List.of(1L, large),
                new long[] {large, 2},
                Optional.of(large),
                large);
        Codec<Numbers> codec = Codecs.json(Numbers.class);

        assertThat(codec.decode(codec.encode(value))).usingRecursiveComparison().isEqualTo(value);
    }

    @Test
    void readsTagsAndPlainNumbersAlike() {
        String tag = "{\"__type\":\"bigint\",\"value\":\"5\"}";

        for (String json :
                List.of("5", tag, "{\"value\":\"5\",\"__type\":\"bigint\"}", "5.0", "5e0", "0.5e1", "50e-1")) {
            assertThat(Codecs.json(byte.class).decode(bytes(json))).isEqualTo((byte) 5);
            assertThat(Codecs.json(Short.class).decode(bytes(json))).isEqualTo((short) 5);
            assertThat(Codecs.json(int.class).decode(bytes(json))).isEqualTo(5);
            assertThat(Codecs.json(Long.class).decode(bytes(json))).isEqualTo(5L);
            assertThat(Codecs.json(BigInteger.class).decode(bytes(json))).isEqualTo(5);
            assertThat(Codecs.json(double.class).decode(bytes(json))).isEqualTo(5.0);
            assertThat(Codecs.json(Float.class).decode(bytes(json))).isEqualTo(5f);
            assertThat(Codecs.json(BigDecimal.class).decode(bytes(json))).isEqualByComparingTo("5");
            assertThat(Codecs.json(Number.class).decode(bytes(json)).intValue()).isEqualTo(5);
            assertThat(Codecs.json(long[].class).decode(bytes("[" + json + "]")))
                    .containsExactly(5);
        }
        assertThat(Codecs.json(long.class).decode(bytes("9223372036854775807"))).isEqualTo(Long.MAX_VALUE);
        assertThat(Codecs.json(BigInteger.class).decode(bytes("1e+21"))).isEqualTo(BigInteger.TEN.pow(21));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "1e-1",
                "1e999999999",
                "2147483648",
                "-2147483649",
                "1e10",
                "{\"__type\":\"bigint\",\"value\":\"2147483648\"}",
                "{\"__type\":\"bigint\",\"value\":\"5n\"}",
                "{\"__type\":\"bigint\",\"value\":5}",
                "{\"__type\":\"number\",\"value\":\"5\"}",
                "{}",
                "[5]",
                "\"x\"",
                "true",
                "null"
            })
    void refusesWhatIsNoSuchInteger(String json) {
        mismatch(Codecs.json(int.class), json);
        mismatch(Codecs.json(Integer.class), json);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        mismatch(Codecs.json(byte.class), "{\"__type\":\"bigint\",\"value\":\"128\"}");
        mismatch(Codecs.json(short.class), "3.3e4");
        mismatch(Codecs.json(long.class), "9223372036854775808");
        mismatch(Codecs.json(Long.class), "{\"__type\":\"bigint\",\"value\":\"9223372036854775808\"}");
        mismatch(Codecs.json(long[].class), "[{\"__type\":\"bigint\",\"value\":\"9223372036854775808\"}]");
        mismatch(Codecs.json(long[].class), "[null]");
        mismatch(Codecs.json(long[].class), "5");
    }

    @Test
    void growsArraysOfLongs() {
        long[] values = new Random(1).longs(100).toArray();
        Codec<long[]> codec = Codecs.json(long[].class);

        assertThat(codec.decode(codec.encode(values))).isEqualTo(values);
        assertThat(codec.decode(codec.encode(new long[0]))).isEmpty();
    }

    @Test
    void boundsTheDigitsThatItWritesAndReads() {
        Codec<BigInteger> codec = Codecs.json(BigInteger.class);
        BigInteger largest = BigInteger.TEN.pow(BigIntegerTag.DIGITS_MAX - 1).negate();
        String tooLong = "1".repeat(BigIntegerTag.DIGITS_MAX + 1);

        assertThat(codec.decode(codec.encode(largest))).isEqualTo(largest);
        mismatch(codec, "{\"__type\":\"bigint\",\"value\":\"" + tooLong + "\"}");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> codec.encode(new BigInteger(tooLong)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.unsupported"));
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Formatted(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) long[] rest) {}

    @Test
    void leavesFormattedIntegersToTheirAnnotation() {
        Codec<Formatted> codec = Codecs.json(Formatted.class);
        Formatted value = new Formatted(Long.MAX_VALUE, new long[0]);

        assertThat(json(codec, value)).isEqualTo("{\"id\":\"9223372036854775807\"}");
        assertThat(codec.decode(codec.encode(value)).id()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void bringsRandomIntegersBack() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        Codec<List<BigInteger>> bigs = Codecs.json(new TypeReference<>() {});
        Codec<Long> longs = Codecs.json(Long.class);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            List<BigInteger> list = List.of(new BigInteger(random.nextInt(200), random), BigInteger.valueOf(value));

            assertThat(longs.decode(longs.encode(value)))
                    .as("-Dholdfast.seed=%d", seed)
                    .isEqualTo(value);
            assertThat(bigs.decode(bigs.encode(list)))
                    .as("-Dholdfast.seed=%d", seed)
                    .isEqualTo(list);
        }
    }

    private static void mismatch(Codec<?> codec, String json) {
        assertThatExceptionOfType(InvalidInputException.class)
                .as("%s from %s", codec, json)
                .isThrownBy(() -> codec.decode(bytes(json)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("codec.mismatch"));
    }
}
