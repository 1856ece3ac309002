package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountersAndBytesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0000000000000000",
        "1, 0100000000000000",
        "256, 0001000000000000",
        "9223372036854775807, ffffffffffffff7f",
        "9223372036854775808, 0000000000000080",
        "18446744073709551615, ffffffffffffffff"
    })
    void storesCountersLittleEndian(BigInteger value, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(Codecs.u64Big().encode(value)).isEqualTo(bytes);
        assertThat(Codecs.u64Big().decode(bytes)).isEqualTo(value);
        if (value.bitLength() < Long.SIZE) {
            assertThat(Codecs.u64().encode(value.longValue())).isEqualTo(bytes);
            assertThat(Codecs.u64().decode(bytes)).isEqualTo(value.longValue());
        } else {
            refused(() -> Codecs.u64().decode(bytes), "codec.mismatch");
        }
    }

    @Test
    void refusesWhatNoCounterHolds() {
        refused(() -> Codecs.u64().encode(-1L), "codec.unsupported");
        refused(() -> Codecs.u64Big().encode(BigInteger.ONE.negate()), "codec.unsupported");
        refused(() -> Codecs.u64Big().encode(BigInteger.TWO.pow(64)), "codec.unsupported");
        refused(() -> Codecs.u64().decode(new byte[7]), "codec.mismatch");
        refused(() -> Codecs.u64Big().decode(new byte[9]), "codec.mismatch");
    }

    @Test
    void handsBytesOnWithoutACopy() {
        byte[] bytes = {1, 2, 3};

        assertThat(Codecs.bytes().encode(bytes)).isSameAs(bytes);
        assertThat(Codecs.bytes().decode(bytes)).isSameAs(bytes);
    }

    @Test
    void namesItsEncoding() {
        assertThat(Codecs.u64().encoding()).isEqualTo(Encoding.U64);
        assertThat(Codecs.u64Big().encoding()).isEqualTo(Encoding.U64);
        assertThat(Codecs.bytes().encoding()).isEqualTo(Encoding.BYTES);
        assertThat(Codecs.jsonTree().encoding()).isEqualTo(Encoding.JSON);
    }

    @Test
    void numbersEncodingsForGood() {
        assertThat(Encoding.values()).containsExactly(Encoding.JSON, Encoding.V8, Encoding.U64, Encoding.BYTES);
        assertThat(Encoding.values())
                .allSatisfy(e -> assertThat(Encoding.of(e.number())).isSameAs(e));
        assertThat(Encoding.BYTES.number()).isEqualTo(3);
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Encoding.of(4));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Encoding.of(-1));
    }

    private static void refused(ThrowingCallable call, String code) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
