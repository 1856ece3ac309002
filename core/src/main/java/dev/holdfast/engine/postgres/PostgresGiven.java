package dev.holdfast.engine.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Connections of the caller. Nothing about their sessions is changed: each transaction says its isolation, unless
 * sessions begin with READ COMMITTED anyway, as the first connection told.
 */
final class PostgresGiven implements PostgresSource {
    private final DataSource dataSource;
    private final boolean readCommitted;

    /** Connections of a source, which is asked once how its sessions begin. */
    PostgresGiven(DataSource dataSource) {
        this.dataSource = dataSource;
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show default_transaction_isolation")) {
            row.next();
            this.readCommitted = PostgresLevel.OPERATION.setting().equals(row.getString(1));
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw PostgresErrors.noConnection(e);
        }
    }

    @Override
    public PostgresLoan lend(PostgresLevel level) {
        try {
            return new PostgresLoan(dataSource.getConnection());
        } catch (SQLException e) {
            throw PostgresErrors.noConnection(e);
        }
    }

    @Override
    public boolean begins(PostgresLevel level) {
        return level == PostgresLevel.OPERATION && readCommitted;
    }

    @Override
    public Connection forSignals() throws SQLException {
        Connection connection = dataSource.getConnection();
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        return connection;
    }

    @Override
    public boolean sparesSignals() {
        return false;
    }

    /** Leaves the source open: it is the caller's. */
    @Override
    public void close() {}
}
