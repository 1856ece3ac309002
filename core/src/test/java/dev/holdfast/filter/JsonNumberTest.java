package dev.holdfast.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonNumberTest {
    /** In order; those on one line are equal. */
    private static final List<List<String>> ASCENDING = List.of(
            List.of("-1e2000000000"),
            List.of("-1e400", tag("-1" + "0".repeat(400))),
            List.of("-9223372036854775809", tag("-9223372036854775809")),
            List.of("-9223372036854775808", tag("-9223372036854775808")),
            List.of("-120", "-1.2e2", tag("-120")),
            List.of("-12.5"),
            List.of("-12", tag("-12"), tag("-00012")),
            List.of("-1e-400"),
            List.of("0", "-0.0", "0e5", tag("0"), tag("-0"), tag("000")),
            List.of("1e-2000000000"),
            List.of("0.1"),
            List.of("0.10000000000000000001"),
            List.of("1", "1.0", "10e-1", tag("1")),
            List.of("9007199254740992", tag("9007199254740992")),
            List.of("9007199254740993", tag("9007199254740993")),
            List.of("9007199254740993.5"),
            List.of("9223372036854775807", tag("9223372036854775807")),
            List.of("9223372036854775808", tag("9223372036854775808")),
            List.of("123456789012345678901234567890", tag("123456789012345678901234567890")),
            List.of("123456789012345678901234567890.5"),
            List.of("123456789012345678901234567891", tag("123456789012345678901234567891")),
            List.of("1e400", tag("1" + "0".repeat(400))),
            List.of("2e400"),
            List.of(tag("9".repeat(1_000_000))),
            List.of("1e2000000000"));

    private static String tag(String digits) {
        return "{\"__type\":\"bigint\",\"value\":\"" + digits + "\"}";
    }

    @Test
    void everyPairIsOrderedExactly() {
        for (int i = 0; i < ASCENDING.size(); i++) {
            for (int j = 0; j < ASCENDING.size(); j++) {
                for (String left : ASCENDING.get(i)) {
                    for (String right : ASCENDING.get(j)) {
                        int sign = JsonNumber.compare(Json.parse(left), Json.parse(right));

                        assertThat(Integer.signum(sign))
                                .as("%.50s, %.50s", left, right)
                                .isEqualTo(Integer.compare(i, j));
                    }
                }
            }
        }
    }

    @Test
    void aFixedNumberIsComparedAsANodeIs() {
        for (List<String> equal : ASCENDING) {
            JsonNode plain = Json.parse(equal.getFirst());
            if (!plain.isNumber()) {
                continue; // no operand is that long
            }
            var fixed = new JsonNumber.Fixed(plain.decimalValue());
            for (String text : ASCENDING.stream().flatMap(List::stream).toList()) {
                JsonNode node = Json.parse(text);

                assertThat(Integer.signum(fixed.signOf(node)))
                        .as("%.50s, %s", text, plain)
                        .isEqualTo(Integer.signum(JsonNumber.compare(node, plain)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"5\"",
                "true",
                "null",
                "{}",
                "[5]",
                "{\"__type\":\"bigint\"}",
                "{\"__type\":\"bigint\",\"value\":5}",
                "{\"__type\":\"bigint\",\"value\":\"\"}",
                "{\"__type\":\"bigint\",\"value\":\"-\"}",
                "{\"__type\":\"bigint\",\"value\":\"+5\"}",
                "{\"__type\":\"bigint\",\"value\":\"5.0\"}",
                "{\"__type\":\"bigint\",\"value\":\"٥\"}",
                "{\"__type\":\"date\",\"value\":\"5\"}",
                "{\"__type\":\"bigint\",\"value\":\"5\",\"x\":1}",
                "{\"__type\":\"bigint\",\"Value\":\"5\"}"
            })
    void anythingElseIsNoNumber(String json) {
        assertThat(JsonNumber.is(Json.parse(json))).isFalse();
    }

    @Test
    void knowsTheIntegersOf64Bits() {
        for (String fits : new String[] {"0", "-1", "1e18", "9223372036854775807", "-9223372036854775808", "5.000"}) {
            assertThat(JsonNumber.fitsLong(new BigDecimal(fits))).as(fits).isTrue();
        }
        for (String not :
                new String[] {"0.5", "9223372036854775808", "-9223372036854775809", "1e19", "1e2000000000", "1e-5"}) {
            assertThat(JsonNumber.fitsLong(new BigDecimal(not))).as(not).isFalse();
        }
    }
}
