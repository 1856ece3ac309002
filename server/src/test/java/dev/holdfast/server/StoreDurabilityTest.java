package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.server.http.HttpMetrics;
import dev.holdfast.testkit.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreDurabilityTest {
    @TempDir
    private Path folder;

    private static String told(Holdfast holdfast) {
        HttpMetrics metrics = new HttpMetrics();
        StoreDurability.tell(holdfast, metrics);
        assertThat(metrics.scrape())
                .contains("holdfast_store{durability=\"" + StoreDurability.of(holdfast) + "\"} 1.0");
        return StoreDurability.of(holdfast);
    }

    @Test
    void aFileTellsWhatItWasOpenedWith() {
        HoldfastOptions options = HoldfastOptions.defaults();
        try (Holdfast full = Holdfast.open(folder.resolve("full.db"));
                Holdfast normal = Holdfast.open(
                        folder.resolve("normal.db").toString(),
                        options.withSqlite(options.sqlite().withDurability(SqliteOptions.Durability.NORMAL)))) {
            assertThat(told(full)).isEqualTo("synchronous=full");
            assertThat(told(normal)).isEqualTo("synchronous=normal");
        }
    }

    @Test
    void memoryKeepsNothing() {
        try (Holdfast memory = Holdfast.open(Holdfast.MEMORY)) {
            assertThat(told(memory)).isEqualTo("none: memory");
        }
    }

    @Test
    void postgresTellsItsSettings() {
        try (Holdfast holdfast = Holdfast.open(PostgresServer.shared().freshDatabase())) {
            assertThat(told(holdfast)).matches("synchronous_commit=\\w+ fsync=\\w+");
        }
    }
}
