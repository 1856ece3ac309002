package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BigIntegerTagTest {
    @ParameterizedTest
    @ValueSource(strings = {"0", "5", "-5", "9007199254740993", "-123456789012345678901234567890"})
    void readsBackWhatItWrites(String digits) {
        BigInteger value = new BigInteger(digits);

        assertThat(BigIntegerTag.read(BigIntegerTag.node(value))).contains(value);
        assertThat(Json.text(BigIntegerTag.node(value)))
                .isEqualTo("{\"__type\":\"bigint\",\"value\":\"" + digits + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "null",
                "[]",
                "{}",
                "\"bigint\"",
                "{\"__type\":\"bigint\"}",
                "{\"__type\":\"bigint\",\"value\":5}",
                "{\"__type\":\"bigint\",\"value\":\"\"}",
                "{\"__type\":\"bigint\",\"value\":\"-\"}",
                "{\"__type\":\"bigint\",\"value\":\"+5\"}",
                "{\"__type\":\"bigint\",\"value\":\" 5\"}",
                "{\"__type\":\"bigint\",\"value\":\"5.0\"}",
                "{\"__type\":\"bigint\",\"value\":\"٥\"}",
                "{\"__type\":\"Bigint\",\"value\":\"5\"}",
                "{\"__type\":\"bigint\",\"value\":\"5\",\"a\":1}"
            })
    void leavesEverythingElseAlone(String json) {
        assertThat(BigIntegerTag.read(Json.parse(json))).isEmpty();
    }

    @Test
    void readsNoMoreDigitsThanItsLimit() {
        String most = "9".repeat(BigIntegerTag.DIGITS_MAX);

        assertThat(BigIntegerTag.decimal(most)).contains(new BigInteger(most));
        assertThat(BigIntegerTag.decimal("-" + most)).isPresent();
        assertThat(BigIntegerTag.decimal(most + "9")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "9007199254740991, true",
        "-9007199254740991, true",
        "9007199254740992, false",
        "-9007199254740992, false",
        "9223372036854775807, false",
        "-9223372036854775808, false"
    })
    void knowsWhatADoubleHolds(long value, boolean exact) {
        assertThat(BigIntegerTag.isExact(value)).isEqualTo(exact);
        assertThat(BigIntegerTag.isExact(BigInteger.valueOf(value))).isEqualTo(exact);
        assertThat(BigIntegerTag.isExact(BigInteger.TWO.pow(64).add(BigInteger.valueOf(value))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"5.9,5", "-5.9,-5", "1e3,1000", "0,0", "0e600000000,0", "0e-600000000,0", "1e-600000000,0", "-0.5,0"})
    void theFractionIsCutOffWithoutWritingTheNumberOut(BigDecimal number, BigInteger integer) {
        assertThat(BigIntegerTag.integerPart(number)).contains(integer);
    }

    @Test
    void aNumberOfTooManyDigitsHasNoIntegerPart() {
        assertThat(BigIntegerTag.integerPart(new BigDecimal("1e600000000"))).isEmpty();
        assertThat(BigIntegerTag.integerPart(new BigDecimal("1e" + BigIntegerTag.DIGITS_MAX)))
                .isEmpty();
        assertThat(BigIntegerTag.integerPart(new BigDecimal("-1e" + (BigIntegerTag.DIGITS_MAX - 1))))
                .isPresent();
    }
}
