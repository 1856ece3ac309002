package dev.holdfast.client;

import dev.holdfast.testkit.PostgresServer;

class PostgresRemoteStreamTest extends RemoteStreamContract {
    @Override
    String db() {
        return PostgresServer.shared().freshDatabase();
    }
}
