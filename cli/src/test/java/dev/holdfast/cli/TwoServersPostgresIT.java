package dev.holdfast.cli;

import dev.holdfast.testkit.PostgresServer;

/** Two servers on one PostgreSQL database, which tell each other of commits. */
class TwoServersPostgresIT extends TwoServersContract {
    @Override
    String database() {
        return PostgresServer.shared().freshDatabase();
    }
}
