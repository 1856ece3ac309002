package dev.holdfast.cli;

import dev.holdfast.testkit.PostgresServer;
import org.junit.jupiter.api.AfterEach;

/** A database of PostgreSQL. */
class KynetaPostgresIT extends KynetaContract {
    private final String url = PostgresServer.shared().freshDatabase();

    @AfterEach
    void drop() {
        PostgresServer.shared().drop(url);
    }

    @Override
    String database() {
        return url;
    }

    @Override
    String theirDatabase() {
        return url.substring("jdbc:".length());
    }

    @Override
    void handOver() {}
}
