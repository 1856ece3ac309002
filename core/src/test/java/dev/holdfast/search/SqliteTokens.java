package dev.holdfast.search;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What SQLite's own tokenizers make of a text: an FTS5 table filled and read back through its vocabulary. */
final class SqliteTokens implements AutoCloseable {
    private final Connection connection;

    /** A tokenizer as FTS5 spells it, such as {@code porter unicode61}. */
    SqliteTokens(String tokenize) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("create virtual table texts using fts5(text, tokenize = '" + tokenize + "')");
            statement.execute("create virtual table tokens using fts5vocab(texts, instance)");
        }
    }

    /** The tokens of each text. */
    List<List<String>> of(List<String> texts) throws SQLException {
        try (var insert = connection.prepareStatement("insert into texts(rowid, text) values (?, ?)")) {
            for (int i = 0; i < texts.size(); i++) {
                insert.setInt(1, i);
                insert.setString(2, texts.get(i));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        var tokens = new ArrayList<List<String>>();
        texts.forEach(text -> tokens.add(new ArrayList<>()));
        try (var select = connection.createStatement();
                var rows = select.executeQuery("select doc, term from tokens order by doc, offset")) {
            while (rows.next()) {
                tokens.get(rows.getInt(1)).add(rows.getString(2));
            }
        }
        connection.rollback();
        return tokens;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
