package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TransferTest {
    @Test
    void aCommitOfAnImportIsBoundedByBytesToo() throws IOException {
        try (Holdfast from = Holdfast.open(Holdfast.MEMORY);
                Holdfast to = Holdfast.open(Holdfast.MEMORY)) {
            for (int i = 0; i < 5; i++) {
                from.kv().set(Key.of("large", i), "x".repeat(3 << 20));
            }
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            from.exportTo(lines);

            to.importFrom(new ByteArrayInputStream(lines.toByteArray()));

            assertThat(to.contentHash()).isEqualTo(from.contentHash());
            assertThat(stamp(to, 0)).isEqualTo(stamp(to, 1)).isLessThan(stamp(to, 2));
            assertThat(stamp(to, 2)).isEqualTo(stamp(to, 3)).isLessThan(stamp(to, 4));
        }
    }

    private static Versionstamp stamp(Holdfast holdfast, int number) {
        return holdfast.kv().get(Key.of("large", number)).orElseThrow().versionstamp();
    }
}
