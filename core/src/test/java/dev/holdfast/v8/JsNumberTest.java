package dev.holdfast.v8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsNumberTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "-1, -1",
        "100, 100",
        "0.1, 0.1",
        "-4.35, -4.35",
        "0.3333333333333333, 0.3333333333333333",
        "9007199254740992, 9007199254740992",
        "1152921504606846976, 1152921504606847000",
        "123456789012345680000, 123456789012345680000",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "1.5e21, 1.5e+21",
        "1e23, 1e+23",
        "2e23, 2e+23",
        "1e-6, 0.000001",
        "1.5e-6, 0.0000015",
        "1e-7, 1e-7",
        "-1.5e-7, -1.5e-7",
        "2e-323, 2e-323",
        "5e-324, 5e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, -Infinity"
    })
    void writesWhatJavaScriptWrites(double value, String text) {
        assertThat(JsNumber.text(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-2147483648, -2147483648",
        "2147483648, 2147483648",
        "9007199254740991, 9007199254740991",
        "1152921504606846976, 1152921504606847000",
        "1e20, 100000000000000000000",
        "1e21, 1E+21",
        "-1e300, -1E+300",
        "1.5, 1.5",
        "5e-324, 5E-324"
    })
    void jsonNumbersAreTheSame(double value, String text) {
        assertThat(Json.text(JsNumber.node(value))).isEqualTo(text);
        assertThat(JsNumber.node(value)).isEqualTo(Json.parse(text));
    }

    @Test
    void anyDoubleComesBackFromItsText() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);

        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(JsNumber.text(value)))
                        .as("-Dholdfast.seed=%d", seed)
                        .isEqualTo(value);
                assertThat(JsNumber.node(value).decimalValue())
                        .as("-Dholdfast.seed=%d", seed)
                        .isEqualByComparingTo(new BigDecimal(JsNumber.text(value)));
            }
        }
    }
}
