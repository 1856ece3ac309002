package dev.holdfast.server;

import dev.holdfast.testkit.PostgresServer;

class PostgresTokenRoutesTest extends TokenRoutesContract {
    @Override
    String db() {
        return PostgresServer.shared().freshDatabase();
    }
}
