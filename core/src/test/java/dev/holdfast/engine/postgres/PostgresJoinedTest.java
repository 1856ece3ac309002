package dev.holdfast.engine.postgres;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.JoinedContract;
import dev.holdfast.engine.TimeSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class PostgresJoinedTest extends JoinedContract {
    private final String url = PostgresServer.freshUrl();

    @Override
    protected Engine open() {
        return PostgresEngine.open(url, PostgresOptions.defaults(), TimeSource.system());
    }

    @Override
    protected Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }
}
