package dev.holdfast.cli;

import dev.holdfast.testkit.PostgresServer;

/** Streams of two servers on one PostgreSQL database, which tell each other of commits. */
class TwoServersStreamPostgresIT extends TwoServersStreamContract {
    @Override
    String database() {
        return PostgresServer.shared().freshDatabase();
    }
}
