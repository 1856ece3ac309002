package dev.holdfast.filter;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A real PostgreSQL of its own, started and stopped by a test. */
record PostgresServer(EmbeddedPostgres embedded) implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("io.zonky");

    static PostgresServer start() {
        LOGGER.setLevel(Level.WARNING);
        try {
            return new PostgresServer(EmbeddedPostgres.builder()
                    .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                    .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Connection connect() throws SQLException {
        return embedded.getPostgresDatabase().getConnection();
    }

    /** A connection to another database of the same server. */
    Connection connect(String database) throws SQLException {
        return embedded.getDatabase("postgres", database).getConnection();
    }

    @Override
    public void close() {
        try {
            embedded.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
