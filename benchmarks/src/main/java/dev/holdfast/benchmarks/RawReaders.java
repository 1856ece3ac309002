package dev.holdfast.benchmarks;

import dev.holdfast.key.Key;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Point reads by plain JDBC, each thread on a connection of its own with one prepared statement. */
final class RawReaders implements AutoCloseable {
    private static final String POINT = "select value from holdfast_kv where ns = 1 and key = ?";

    private final ConcurrentLinkedQueue<Connection> connections = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<PreparedStatement> statements;

    RawReaders(Path file) {
        statements = ThreadLocal.withInitial(() -> {
            try {
                Connection connection = RawSqlite.open(file);
                connections.add(connection);
                return connection.prepareStatement(POINT);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    byte[] value(Key key) throws SQLException {
        PreparedStatement statement = statements.get();
        statement.setBytes(1, key.encoded());
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getBytes(1);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
