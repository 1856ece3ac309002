package dev.holdfast.cli;

import dev.holdfast.testkit.PostgresServer;

/** KV Connect on a PostgreSQL database. */
class KvConnectPostgresIT extends KvConnectContract {
    @Override
    String database() {
        return PostgresServer.shared().freshDatabase();
    }
}
