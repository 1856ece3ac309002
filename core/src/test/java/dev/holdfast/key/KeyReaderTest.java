package dev.holdfast.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that look like keys and are none. */
class KeyReaderTest {
    @ParameterizedTest
    @CsvSource({
        "'',                     they are empty (at=0)",
        "00,                     no whole part (at=0)",
        "03,                     no whole part (at=0)",
        "0a,                     no whole part (at=0)",
        "1e,                     no whole part (at=0)",
        "218000000000000000,     no whole part (at=0)",
        "28,                     no whole part (at=0)",
        "ff,                     no whole part (at=0)",
        "2700,                   no whole part (at=1)",
        "026100ff,               no whole part (at=0)",
        "0261,                   no whole part (at=0)",
        "01,                     no whole part (at=0)",
        "270580000000000000,     no whole part (at=1)",
        "15,                     no whole part (at=0)",
        "1601,                   no whole part (at=0)",
        "1d,                     no whole part (at=0)",
        "1d0901,                 no whole part (at=0)",
        "0b,                     no whole part (at=0)",
        "0bf6fe,                 no whole part (at=0)",
        "1500,                   a big integer that is longer than needed (at=0)",
        "160001,                 a big integer that is longer than needed (at=0)",
        "13ff,                   a big integer that is longer than needed (at=0)",
        "12fffe,                 a big integer that is longer than needed (at=0)",
        "1d00,                   a big integer that is longer than needed (at=0)",
        "1d080102030405060708,   a big integer that is longer than needed (at=0)",
        "0bf70102030405060708,   a big integer that is longer than needed (at=0)",
        "0bff,                   a big integer that is longer than needed (at=0)",
        "1d09000102030405060708, a big integer that is longer than needed (at=0)",
        "05fff8000000000001,     a NaN that is not the canonical one (at=0)",
        "05fff0000000000001,     a NaN that is not the canonical one (at=0)",
        "05ffffffffffffffff,     a NaN that is not the canonical one (at=0)",
        "05000ffffffffffffe,     a NaN that is not the canonical one (at=0)",
        "050000000000000000,     a NaN that is not the canonical one (at=0)"
    })
    void refusesWhatNoKeyIsEncodedAs(String hex, String problem) {
        refused(HexFormat.of().parseHex(hex), "the bytes are no encoded key: " + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "c080",
                "c1bf",
                "c2",
                "c261",
                "e0",
                "e08080",
                "e09fbf",
                "e180",
                "e18061",
                "eda080",
                "edbfbf",
                "f0808080",
                "f08fbfbf",
                "f18080",
                "f1808061",
                "f4908080",
                "f5808080",
                "ff",
                "fe",
                "c200ff",
                "e18000ff"
            })
    void refusesTextThatIsNotUtf8(String hex) {
        byte[] key = HexFormat.of().parseHex("0261" + hex + "00");

        refused(key, "the bytes are no encoded key: text that is not UTF-8 (at=2)");
    }

    /** Deno knows no limit of a part. */
    @Test
    void readsPartsAsLongAsAKey() {
        for (String hex : List.of("02" + "61".repeat(2046) + "00", "01" + "00ff" + "61".repeat(2044) + "00")) {
            Key key = Key.decode(HexFormat.of().parseHex(hex));

            assertThat(KeyJson.stored(KeyJson.tree(key))).isEqualTo(key);
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> KeyJson.key(KeyJson.tree(key)))
                    .withMessageStartingWith("key.part_too_long: ");
        }
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> KeyJson.stored(Json.parse("[\"" + "x".repeat(2047) + "\"]")))
                .withMessage("key.too_large: Key too large: 2049 bytes (max 2048)");
    }

    @Test
    void refusesMorePartsAndBytesThanAKeyHas() {
        byte[] parts = HexFormat.of().parseHex("27".repeat(21));
        byte[] whole = HexFormat.of().parseHex("27".repeat(2049));

        refused(parts, "the bytes are no encoded key: more than 20 parts (at=20)");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Key.decode(whole))
                .withMessage("key.too_large: Key too large: 2049 bytes (max 2048)");
    }

    @Test
    void countsEscapedZerosOnce() {
        byte[] bytes = HexFormat.of().parseHex("01" + "00ff".repeat(1000) + "00");
        byte[] text = HexFormat.of().parseHex("02" + "00ff".repeat(1000) + "00");

        assertThat(Key.decode(bytes).get(0, byte[].class)).hasSize(1000);
        assertThat(Key.decode(text).get(0, String.class)).isEqualTo("\0".repeat(1000));
    }

    private static void refused(byte[] bytes, String detail) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Key.decode(bytes))
                .satisfies(e -> assertThat(e.code()).isEqualTo("key.malformed"))
                .satisfies(e -> assertThat(e.detail()).isEqualTo(detail));
    }
}
