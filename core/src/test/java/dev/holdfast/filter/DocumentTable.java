package dev.holdfast.filter;

import dev.holdfast.engine.Dialect;
import dev.holdfast.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Documents in a table of a real database, numbered from 0, and the filters that are run over them there. */
final class DocumentTable {
    private final Dialect dialect;
    private final Connection connection;

    DocumentTable(Dialect dialect, Connection connection, List<JsonNode> documents) throws SQLException {
        this.dialect = dialect;
        this.connection = connection;
        String type = dialect == Dialect.SQLITE ? "BLOB" : "bytea";
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS documents");
            statement.execute("CREATE TABLE documents (id integer PRIMARY KEY, body " + type + " NOT NULL)");
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO documents VALUES (?, ?)")) {
            for (int i = 0; i < documents.size(); i++) {
                insert.setInt(1, i);
                insert.setBytes(2, Json.bytes(documents.get(i)));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** The numbers of the documents that the SQL of a filter lets through. */
    BitSet found(Filter filter) throws SQLException {
        SqlCondition condition = filter.sql(dialect, "documents.body");
        BitSet found = new BitSet();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id FROM documents WHERE " + condition.sql())) {
            bind(select, condition);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.set(rows.getInt(1));
                }
            }
        }
        return found;
    }

    static void bind(PreparedStatement statement, SqlCondition condition) throws SQLException {
        for (int i = 0; i < condition.args().size(); i++) {
            statement.setObject(i + 1, condition.args().get(i));
        }
    }

    /** The numbers of the documents that match in memory. */
    static BitSet matching(Filter filter, List<JsonNode> documents) {
        var predicate = filter.predicate();
        BitSet matching = new BitSet();
        for (int i = 0; i < documents.size(); i++) {
            matching.set(i, predicate.test(documents.get(i)));
        }
        return matching;
    }
}
