package dev.holdfast.cli;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A SQLite file. */
class KynetaIT extends KynetaContract {
    @Override
    String database() {
        return folder.resolve("kyneta.db").toString();
    }

    @Override
    String theirDatabase() {
        return database();
    }

    /** Their SQLite, as WebAssembly, reads no file in WAL mode. */
    @Override
    void handOver() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
                Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = delete");
        }
    }
}
