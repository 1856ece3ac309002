package dev.holdfast.v8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Serialized values, written down by hand. */
final class V8Samples {
    /** Values of every kind, as the bytes behind the version. */
    static final List<String> GOOD = List.of(
            "30",
            "5f",
            "54",
            "46",
            "49d804",
            "55ffffffff0f",
            "4e000000000000f83f",
            "4e0000000000000080",
            "5a2000000000000000000100000000000000",
            "2201e9",
            "6302226f",
            "00630461006f22",
            "5302c3a9",
            "6f22016149022201624902220163302201644902490e5f7b05",
            "41044902220161302d240004",
            "410149022201614904240101",
            "61054904490249045f400205",
            "440000000000000000",
            "79",
            "78",
            "6e000000000000f83f",
            "7a100500000000000000",
            "7322026162",
            "52220161ff01",
            "3b490249043a02",
            "2749022c01",
            "420201025642000200",
            "7e020801025642000203",
            "5c01020102",
            "72546d22026e6f634902732201612e",
            "41026f7b005e01240002",
            "6f22016241015e002400017b01",
            "4103420201025e0156420101005e02240003",
            "6f22016d3b49025e013a027b01");

    private V8Samples() {}

    /** The bytes of a value in version 15; blanks in the text are for people. */
    static byte[] v8(String hex) {
        return bytes("ff0f" + hex);
    }

    /** The bytes of a text of hexadecimal digits. */
    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** The JSON text of a value in version 15. */
    static String json(String hex) {
        return Json.text(V8Json.decode(v8(hex)));
    }

    /** Checks that something is refused for a reason. */
    static void refused(String code, ThrowingCallable work) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(work)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
