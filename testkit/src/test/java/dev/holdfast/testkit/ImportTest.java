package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is imported is new: its versionstamps are above all that users of either store have seen. */
class ImportTest {
    private static final Key KEY = Key.of("k");

    @Test
    void intoAStoreInMemory() throws IOException {
        importInto(Holdfast.MEMORY);
    }

    @Test
    void intoPostgresWhoseTransactionsAreFew() throws IOException {
        String url = PostgresServer.shared().freshDatabase();

        importInto(url);

        PostgresServer.shared().drop(url);
    }

    private static void importInto(String database) throws IOException {
        try (Holdfast target = Holdfast.open(database);
                Holdfast source = Holdfast.open(Holdfast.MEMORY)) {
            target.kv().set(Key.of("own"), 1);
            source.kv().set(KEY, "value");
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            source.exportTo(lines);

            target.importFrom(new ByteArrayInputStream(lines.toByteArray()));

            KvEntry imported = target.kv().get(KEY).orElseThrow();
            assertThat(imported.versionstamp())
                    .isGreaterThan(source.kv().get(KEY).orElseThrow().versionstamp())
                    .isGreaterThan(target.kv().get(Key.of("own")).orElseThrow().versionstamp());
        }
    }
}
