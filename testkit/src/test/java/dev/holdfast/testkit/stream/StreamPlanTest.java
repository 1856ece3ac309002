package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.PostgresStores;
import dev.holdfast.testkit.Store;
import dev.holdfast.testkit.Stores;
import dev.holdfast.testkit.VirtualTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How PostgreSQL finds streams while it knows nothing about the table yet. */
class StreamPlanTest {
    @RegisterExtension
    static final Stores STORES = new PostgresStores(PostgresOptions.defaults(), StreamSuite.rooms());

    @Test
    void aStreamIsFoundByItsNameInTheFirstMomentsOfAStore() {
        Store store = STORES.fresh(new VirtualTime());
        for (int i = 0; i < 200; i++) {
            DurableStream.in(store.session(), "s" + i).create(StreamSpec.bytes());
        }

        assertThat(plan(store, "select tail from {p}stream_heads where ns = ? and name = ?", 1, "s7"))
                .anyMatch(line -> line.contains("streams_pkey"))
                .noneMatch(line -> line.contains("Filter"));
        assertThat(plan(store, "select tail from {p}stream_heads where ns = ? and id = ?", 1, 7L))
                .anyMatch(line -> line.contains("streams_id"))
                .noneMatch(line -> line.contains("Filter"));
        assertThat(plan(
                        store,
                        "select tail from {p}stream_heads where id = any (?) and ns = ? and state = 0",
                        new Long[] {7L, 8L},
                        1))
                .anyMatch(line -> line.contains("streams_id"));
        assertThat(plan(
                        store,
                        "select epoch from {p}stream_producers where ns = ? and stream = ? and producer = any(?)",
                        1,
                        7L,
                        new String[] {"p", "q"}))
                .anyMatch(line -> line.contains("stream_producers_pkey"))
                .noneMatch(line -> line.contains("Filter"));
    }

    private static List<String> plan(Store store, String query, Object... args) {
        String explain = store.database().tables().sql("explain " + query);
        return store.session().read(tx -> tx.list(explain, row -> row.getString(1), args));
    }
}
