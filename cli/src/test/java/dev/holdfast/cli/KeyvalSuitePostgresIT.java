package dev.holdfast.cli;

import dev.holdfast.testkit.PostgresServer;

/** KeyVal on a PostgreSQL database. */
class KeyvalSuitePostgresIT extends KeyvalSuiteContract {
    @Override
    String database() {
        return PostgresServer.shared().freshDatabase();
    }
}
