package dev.holdfast.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.ChangeFeed;
import dev.holdfast.engine.UnitKind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostgresChangeFeedTest {
    private final String url = PostgresServer.freshUrl();

    @Test
    void aTransactionThatStaysOpenDelaysNobody() throws SQLException, InterruptedException {
        try (PostgresStore store = new PostgresStore(url);
                Connection open = DriverManager.getConnection(url)) {
            BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
            store.database
                    .feed()
                    .follow(
                            "default",
                            "test",
                            ChangeFeed.NOW,
                            batch -> batch.changes().forEach(change -> seen.add((int) change.id()[0])));
            open.setAutoCommit(false);
            store.database.joined(open, "default").write(UnitKind.OPERATION, tx -> {
                tx.changed("test", "", new byte[] {1}, Change.Kind.SET);
                return tx;
            });

            for (byte id = 2; id <= 4; id++) {
                byte[] bytes = {id};
                store.session.write(UnitKind.OPERATION, tx -> {
                    tx.changed("test", "", bytes, Change.Kind.SET);
                    return tx;
                });
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(id);
            }
            open.commit();

            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(seen).isEmpty();
        }
    }
}
