package dev.holdfast.cli;

import dev.holdfast.testkit.PostgresServer;

/** Durable Streams in a PostgreSQL database. */
class DurableStreamsPostgresIT extends DurableStreamsContract {
    @Override
    String database() {
        return PostgresServer.shared().freshDatabase();
    }
}
