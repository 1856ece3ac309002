package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionstampTest {
    @ParameterizedTest
    @CsvSource({
        "0,                   00000000000000000000, 00000000-0000-7000-8000-000000000000",
        "1,                   00000000000000010000, 00000000-0000-7000-8400-000000000000",
        "15,                  000000000000000f0000, 00000000-0000-7000-bc00-000000000000",
        "16,                  00000000000000100000, 00000000-0000-7001-8000-000000000000",
        "65535,               000000000000ffff0000, 00000000-0000-7fff-bc00-000000000000",
        "65536,               00000000000100000000, 00000000-0001-7000-8000-000000000000",
        "117655260364931072,  01a1fed6000200000000, 01a1fed6-0002-7000-8000-000000000000",
        "9223372036854775807, 7fffffffffffffff0000, 7fffffff-ffff-7fff-bc00-000000000000"
    })
    void printsAsEachFacePromises(long value, String hex, String uuid) {
        Versionstamp stamp = new Versionstamp(value);

        assertThat(stamp.hex()).isEqualTo(hex);
        assertThat(stamp.uuid()).isEqualTo(uuid);
        assertThat(stamp).hasToString(hex);
        assertThat(Versionstamp.ofHex(hex)).contains(stamp);
        assertThat(Versionstamp.ofUuid(uuid)).contains(stamp);
    }

    @Test
    void isAWellFormedUuidWithTheTimeOfItsCommit() {
        long millis = 1_795_276_800_123L;

        UUID uuid = UUID.fromString(new Versionstamp(millis * 65536 + 77).uuid());

        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(millis);
    }

    @Test
    void sortsAlikeInEveryFormAndReadsEachBack() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        String about = "-Dholdfast.seed=" + seed;
        for (int i = 0; i < 100_000; i++) {
            Versionstamp a = new Versionstamp(random.nextLong() >>> (1 + random.nextInt(63)));
            Versionstamp b = random.nextBoolean()
                    ? new Versionstamp(random.nextLong() >>> (1 + random.nextInt(63)))
                    : new Versionstamp(a.value() ^ random.nextInt(64));
            int order = Integer.signum(a.compareTo(b));

            assertThat(order).as(about).isEqualTo(Long.signum(a.value() - b.value()));
            assertThat(Integer.signum(a.hex().compareTo(b.hex()))).as(about).isEqualTo(order);
            assertThat(Integer.signum(a.uuid().compareTo(b.uuid()))).as(about).isEqualTo(order);
            assertThat(Integer.signum(Arrays.compareUnsigned(a.bytes(), b.bytes())))
                    .as(about)
                    .isEqualTo(order);
            assertThat(Versionstamp.ofHex(a.hex())).as(about).contains(a);
            assertThat(Versionstamp.ofUuid(a.uuid())).as(about).contains(a);
            assertThat(Versionstamp.ofBytes(a.bytes())).as(about).contains(a);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0000000000000001000",
                "000000000000000100000",
                "00000000000000010001",
                "0000000000000001000g",
                "000000000000000A0000",
                "+0000000000000010000",
                "ffffffffffffffff0000",
                "80000000000000000000",
                "00000000-0000-7000-8400-000000000000"
            })
    void takesNoOtherTextForHexDigits(String text) {
        assertThat(Versionstamp.ofHex(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00000000000000010000",
                "00000000-0000-7000-8400-00000000000",
                "00000000-0000-7000-8400-0000000000000",
                "00000000-0000-7000-8400-000000000001",
                "00000000-0000-7000-8401-000000000000",
                "00000000-0000-7000-c400-000000000000",
                "00000000-0000-7000-0400-000000000000",
                "00000000-0000-4000-8400-000000000000",
                "00000000-0000-7000-B400-000000000000",
                "0000000A-0000-7000-8400-000000000000",
                "0000000g-0000-7000-8400-000000000000",
                "00000000-000g-7000-8400-000000000000",
                "00000000-0000-70g0-8400-000000000000",
                "00000000-0000-7000-840g-000000000000",
                "00000000_0000-7000-8400-000000000000",
                "00000000-0000_7000-8400-000000000000",
                "00000000-0000-7000_8400-000000000000",
                "00000000-0000-7000-8400_000000000000",
                "80000000-0000-7000-8000-000000000000",
                "ffffffff-ffff-7fff-bc00-000000000000"
            })
    void takesNoOtherTextForUuids(String text) {
        assertThat(Versionstamp.ofUuid(text)).isEmpty();
    }

    @Test
    void takesNoOtherBytes() {
        assertThat(Versionstamp.ofBytes(new byte[0])).isEmpty();
        assertThat(Versionstamp.ofBytes(new byte[11])).isEmpty();
        assertThat(Versionstamp.ofBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 1}))
                .isEmpty();
        assertThat(Versionstamp.ofBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 1, 0}))
                .isEmpty();
        assertThat(Versionstamp.ofBytes(new byte[] {-1, 0, 0, 0, 0, 0, 0, 1, 0, 0}))
                .isEmpty();
        assertThat(Versionstamp.ofBytes(new byte[] {0, 0, 0, 0, 0, 0, 1, 0, 0, 0}))
                .contains(new Versionstamp(256));
    }

    @Test
    void isNeverNegative() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Versionstamp(-1))
                .withMessage("a versionstamp is 0 or greater (value=-1)");
    }
}
