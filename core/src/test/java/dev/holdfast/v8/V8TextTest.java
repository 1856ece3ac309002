package dev.holdfast.v8;

import static dev.holdfast.v8.V8Samples.refused;
import static dev.holdfast.v8.V8Samples.v8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values as lines; that they are those of Deno is tested with Deno. */
class V8TextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            delimiter = '#',
            value = {
                "30 # null",
                "5f # undefined",
                "41 02 54 46 24 00 02 # [ true, false ]",
                "49d804 # 300",
                "4e000000000000f83f # 1.5",
                "4e0000000000000080 # -0",
                "4e000000000000f87f # NaN",
                "5a110500000000000000 # -5n",
                "220161 # \"a\"",
                "6f7b00 # {}",
                "6f 22 01 61 49 02 22 03 62 2d 63 49 04 7b 02 # { a: 1, \"b-c\": 2 }",
                "4100240000 # []",
                "61 03 49 04 49 02 40 01 03 # [ <2 empty items>, 1 ]",
                "61 03 49 02 49 02 40 01 03 # [ <1 empty item>, 1, <1 empty item> ]",
                "41 01 49 02 22 01 61 49 04 24 01 01 # [ 1, a: 2 ]",
                "440000000000000000 # 1970-01-01T00:00:00.000Z",
                "44000000000000f87f # Invalid Date",
                "5222016103 # /a/gi",
                "3b490249043a02 # Map(1) { 1 => 2 }",
                "3b3a00 # Map(0) {}",
                "2749022c01 # Set(1) { 1 }",
                "42 02 0102 56 42 00 02 00 # Uint8Array(2) [ 1, 2 ]",
                "5c 01 02 0102 # Uint8Array(2) [ 1, 2 ]",
                "72 54 6d 22 03 6e 0a 6f 2e # [TypeError: n\\no]",
                "72 2e # [Error]",
                "6e000000000000f83f # [Number: 1.5]",
                "73220161 # [String: \"a\"]",
                "79 # [Boolean: true]",
                "41026f7b005e01240002 # [ {}, {} ]",
                "6f 22 01 62 41 01 5e 00 24 00 01 7b 01 # <ref *1> { b: [ [Circular *1] ] }"
            })
    void valuesAreShownAsDenoShowsThem(String hex, String line) {
        assertThat(V8Text.of(v8(hex))).isEqualTo(line);
    }

    @Test
    void everySampleHasALine() {
        assertThat(V8Samples.GOOD)
                .allSatisfy(hex -> assertThat(V8Text.of(v8(hex))).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void textStandsInTheQuotesThatItDoesNotHold() {
        assertThat(V8Text.of("a")).isEqualTo("\"a\"");
        assertThat(V8Text.of("a\"b")).isEqualTo("'a\"b'");
        assertThat(V8Text.of("\"'")).isEqualTo("`\"'`");
        assertThat(V8Text.of("\"'`")).isEqualTo("\"\\\"'`\"");
        assertThat(V8Text.of("\\ \t\n\u001b\u009f\u00e9")).isEqualTo("\"\\\\ \\t\\n\\x1b\\x9f\u00e9\"");
    }

    @Test
    void longBytesAreCut() {
        assertThat(V8Text.ofBytes(new byte[0])).isEqualTo("Uint8Array(0) []");
        assertThat(V8Text.ofBytes(new byte[] {-1})).isEqualTo("Uint8Array(1) [ 255 ]");
        assertThat(V8Text.ofBytes(new byte[102]))
                .startsWith("Uint8Array(102) [ 0, 0,")
                .endsWith(" 0, ... 2 more items ]");
    }

    @Test
    void whatWouldGrowBeyondEveryBoundIsRefused() {
        int pairs = 30;
        StringBuilder hex = new StringBuilder("4102".repeat(pairs)).append("4100 24 00 00");
        for (int inner = pairs; inner > 0; inner--) {
            hex.append("5e%02x 24 00 02".formatted(inner));
        }

        refused("v8.too_large", () -> V8Text.of(v8(hex.toString())));
        refused("v8.malformed", () -> V8Text.of(new byte[] {1, 2}));
        refused("v8.too_deep", () -> V8Text.of(v8("4101".repeat(257) + "30" + "240001".repeat(257))));
    }

    /** Levels are counted where a value is written, not only where it is read. */
    @Test
    void referencesDoNotNestBeyondTheLimit() {
        String deep = "4101".repeat(200) + "30" + "240001".repeat(200);
        String deeper = "4101".repeat(200) + "5e01" + "240001".repeat(200);

        refused("v8.too_deep", () -> V8Text.of(v8("4102" + deep + deeper + "240002")));
    }
}
