package dev.holdfast.v8;

import static dev.holdfast.v8.V8Samples.json;
import static dev.holdfast.v8.V8Samples.refused;
import static dev.holdfast.v8.V8Samples.v8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What somebody sends who means no good. */
class V8HostileTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "22ffffffff07",
                "2202 61",
                "63feffffff0f",
                "53ff7f",
                "42ffffffff0f",
                "42ffffffffffffffff7f",
                "7e050a01",
                "41ffffffff0f",
                "4103 3030",
                "5affffffff0f",
                "5a1005",
                "5c01ff7f",
                "440000",
                "4e",
                "6f220161",
                "6f",
                "3b49",
                "27",
                "72",
                "7254",
                "52220161",
                "49",
                "5c01"
            })
    void lengthsAreThoseOfTheBytes(String hex) {
        refused("v8.malformed", () -> V8Json.decode(v8(hex)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2d",
                "21",
                "7400",
                "7500",
                "7000",
                "7b00",
                "30 30",
                "30 00",
                "5e00",
                "41015e0524 0001",
                "6f7b01",
                "4101490224 0002",
                "4101490224 0101",
                "6102400003",
                "6101490449024001 01",
                "4101 30 4904 30 2401 01",
                "3b49023a01",
                "3b490249043a01",
                "2749022c02",
                "6f6f7b00307b01",
                "6f5a02053 07b01",
                "6f54307b01",
                "522201618004",
                "7e0201 0102",
                "73 4902",
                "4202010256420102 00",
                "420201025642000 300",
                "420401020304 5657010200",
                "420401020304 5657000300",
                "420401020304 5657000204",
                "420401020304 5641000200",
                "4202 0102 5642",
                "56420000 00",
                "5c0e00",
                "725a2e",
                "4980808080 10",
                "55ffffffffffffffffffff01",
                "6303616161"
            })
    void whatMeansNothingIsRefused(String hex) {
        refused("v8.malformed", () -> V8Json.decode(v8(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "4101, 30, 240001, 256", // arrays
        "6f2200, 30, 7b01, 256", // objects
        "4101, 440000000000000000, 240001, 255", // arrays around a mark
        "27, 30, 2c01, 128", // sets: a mark and an array
        "7263, 30, 2e, 128", // causes of errors: a mark and an object
        "3b4902, 30, 3a02, 85" // maps: a mark, an array and a pair
    })
    void levelsAreCountedInTheJsonForm(String open, String inner, String close, int most) {
        JsonNode deepest = V8Json.decode(nested(open, inner, close, most));

        assertThat(Json.bytes(deepest)).isNotEmpty();
        refused("v8.too_deep", () -> V8Json.decode(nested(open, inner, close, most + 1)));
        refused("v8.too_deep", () -> V8Json.decode(nested(open, inner, close, 10_000)));
    }

    @Test
    void theDeepestValueFitsIntoASmallStack() throws InterruptedException {
        List<Integer> levels = new ArrayList<>();

        Thread small = new Thread(
                null,
                () -> {
                    JsonNode arrays = V8Json.decode(nested("4101", "30", "240001", V8Json.DEPTH_MAX));
                    JsonNode maps = V8Json.decode(nested("3b4902", "30", "3a02", 85));
                    levels.add(V8Json.encode(arrays).length + V8Json.encode(maps).length);
                },
                "small",
                512 << 10);
        small.start();
        small.join();

        assertThat(levels).hasSize(1);
    }

    @Test
    void jsonOfTooManyLevelsIsNotWritten() {
        JsonNode node = JsonNodeFactory.instance.arrayNode();
        for (int i = 1; i < V8Json.DEPTH_MAX; i++) {
            node = JsonNodeFactory.instance.arrayNode().add(node);
        }
        JsonNode most = node;

        assertThat(V8Json.decode(V8Json.encode(most))).isEqualTo(most);
        refused(
                "v8.too_deep",
                () -> V8Json.encode(JsonNodeFactory.instance.arrayNode().add(most)));
        refused(
                "v8.too_deep",
                () -> V8Json.encode(JsonNodeFactory.instance.objectNode().set("a", most)));
    }

    @Test
    void claimsThatAreNotBorneOutTakeNoMemory() {
        // Each array says that all bytes behind it are its elements.
        byte[] v8 = new byte[1 << 18];
        Arrays.fill(v8, (byte) '0');
        byte[] claim = V8Samples.bytes("41 8080 08"); // 131,072
        for (int i = 0; i < 250; i++) {
            System.arraycopy(claim, 0, v8, 2 + i * claim.length, claim.length);
        }
        System.arraycopy(v8(""), 0, v8, 0, 2);

        refused("v8.malformed", () -> V8Json.decode(v8));
    }

    @Test
    void sparseArraysHaveALimit() {
        assertThat(V8Json.decode(v8("61 808004 40 00 808004"))).hasSize(65_536);
        refused("v8.too_large", () -> V8Json.decode(v8("61 818004 40 00 818004")));
        refused("v8.too_large", () -> V8Json.decode(v8("61 ffffffff0f 40 00 ffffffff0f")));
        refused("v8.too_large", () -> V8Json.decode(v8("4103" + "61ffff0340 00ffff03".repeat(3) + "240003")));
    }

    @Test
    void pairsOfPairsEndBeforeTheyFillTheMemory() {
        int pairs = 30;
        StringBuilder hex = new StringBuilder("4102".repeat(pairs)).append("4100 24 00 00");
        for (int inner = pairs; inner > 0; inner--) {
            hex.append("5e%02x 24 00 02".formatted(inner));
        }

        refused("v8.too_large", () -> V8Json.decode(v8(hex.toString())));
    }

    @Test
    void sharedTextsCountInEachPlace() {
        String text = "73 22 e807 " + "61".repeat(1000); // 1,000 letters
        String again = "5e01";

        String few = "4132" + text + again.repeat(49) + "24 00 32";
        assertThat(json(few)).hasSize(1 + 50 * 1_003);
        String many = "41d00f" + text + again.repeat(1_999) + "24 00 d00f";
        refused("v8.too_large", () -> V8Json.decode(v8(many)));
    }

    @Test
    void bigIntegersHaveAsManyDigitsAsTheirMarkMayHave() {
        BigInteger most = BigInteger.TEN.pow(BigIntegerTag.DIGITS_MAX).subtract(BigInteger.ONE);
        for (BigInteger value : new BigInteger[] {most, most.negate()}) {
            byte[] v8 = new V8Number.Big(value).encode();
            assertThat(BigIntegerTag.read(V8Json.decode(v8))).contains(value);
            assertThat(V8Json.encode(V8Json.decode(v8))).isEqualTo(v8);
        }

        for (BigInteger value : new BigInteger[] {most.add(BigInteger.ONE), BigInteger.ONE.shiftLeft(1 << 20)}) {
            byte[] v8 = new V8Number.Big(value).encode();
            refused("v8.too_large", () -> V8Json.decode(v8));
            assertThat(V8Number.read(v8)).contains(new V8Number.Big(value));
        }
    }

    @Test
    void aCycleIsFollowedOnce() {
        assertThat(json("41 02 5e00 5e00 24 00 02"))
                .isEqualTo("[{\"__type\":\"ref\",\"value\":\"$\"},{\"__type\":\"ref\",\"value\":\"$\"}]");
    }

    private static byte[] nested(String open, String inner, String close, int levels) {
        return v8(open.repeat(levels) + inner + close.repeat(levels));
    }
}
