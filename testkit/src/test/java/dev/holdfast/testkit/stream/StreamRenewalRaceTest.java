package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamOffset;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.PostgresStores;
import dev.holdfast.testkit.Store;
import dev.holdfast.testkit.Stores;
import dev.holdfast.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A store of PostgreSQL that is renewed while others append. */
class StreamRenewalRaceTest {
    /** The first offset of the second generation. */
    private static final long SECOND = StreamOffset.UNITS_MAX + 1;

    private static final String WAITING = "select count(*) from pg_locks where not granted and pid in"
            + " (select pid from pg_stat_activity where datname = current_database())";

    @RegisterExtension
    static final Stores STORES = new PostgresStores(PostgresOptions.defaults(), StreamSuite.rooms());

    @Test
    void whatIsAppendedMeanwhileIsCounted() {
        Store store = STORES.fresh(new VirtualTime());
        DurableStream stream = DurableStream.in(store.session(), "a");
        stream.create(StreamSpec.json().content(json("[1,2,3]")));

        CompletableFuture<Void> renewed = store.session().write(UnitKind.USER, tx -> {
            DurableStream.in(tx, "a").append(json("[4,5]"));
            CompletableFuture<Void> renewal =
                    CompletableFuture.runAsync(() -> store.database().renew(0));
            await().until(() -> tx.first(WAITING, row -> row.getLong(1)).orElseThrow() > 0);
            return renewal;
        });
        renewed.join();

        assertThat(stream.head().tail()).isEqualTo(SECOND + 5);
        assertThat(stream.append(json("6")).tail()).isEqualTo(SECOND + 6);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
