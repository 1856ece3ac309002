package dev.holdfast.search;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The same documents in the full-text index of SQLite and of PostgreSQL, numbered from 0. */
final class SearchDatabases implements AutoCloseable {
    private final EmbeddedPostgres server = EmbeddedPostgres.start();
    private final Connection postgres;
    private final Connection sqlite;

    SearchDatabases() throws IOException, SQLException {
        postgres = server.getPostgresDatabase().getConnection();
        sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
        sqlite.setAutoCommit(false);
        try (var inPostgres = postgres.createStatement();
                var inSqlite = sqlite.createStatement()) {
            inPostgres.execute("create table documents (id int primary key, tokens tsvector)");
            inPostgres.execute("create index documents_tokens on documents using gin (tokens)");
            inSqlite.execute("create virtual table documents using fts5(decoy, tokens, tokenize = 'ascii')");
        }
    }

    /** Replaces the documents; the decoy column of SQLite holds the tokens of the next one. */
    void load(List<DocumentTokens> documents) throws SQLException {
        try (var inPostgres = postgres.createStatement();
                var inSqlite = sqlite.createStatement();
                var toPostgres = postgres.prepareStatement("insert into documents values (?, ?::tsvector)");
                var toSqlite =
                        sqlite.prepareStatement("insert into documents(rowid, decoy, tokens) values (?, ?, ?)")) {
            inPostgres.execute("delete from documents");
            inSqlite.execute("delete from documents");
            for (int id = 0; id < documents.size(); id++) {
                toPostgres.setInt(1, id);
                toPostgres.setString(2, documents.get(id).tsvector());
                toPostgres.addBatch();
                toSqlite.setInt(1, id);
                toSqlite.setString(2, documents.get((id + 1) % documents.size()).fts5());
                toSqlite.setString(3, documents.get(id).fts5());
                toSqlite.addBatch();
            }
            toPostgres.executeBatch();
            toSqlite.executeBatch();
            sqlite.commit();
        }
    }

    SortedSet<Integer> inSqlite(SearchQuery query) throws SQLException {
        try (var select = sqlite.prepareStatement("select rowid from documents where documents match ?")) {
            select.setString(1, query.fts5("tokens"));
            return ids(select);
        }
    }

    /** Through the index, or by reading every row: the two ways of evaluation that PostgreSQL has. */
    SortedSet<Integer> inPostgres(SearchQuery query, boolean throughIndex) throws SQLException {
        try (var set = postgres.createStatement();
                var select = postgres.prepareStatement("select id from documents where tokens @@ ?::tsquery")) {
            set.execute("set enable_seqscan = " + !throughIndex + "; set enable_bitmapscan = " + throughIndex);
            select.setString(1, query.tsquery());
            return ids(select);
        }
    }

    private static SortedSet<Integer> ids(PreparedStatement select) throws SQLException {
        var ids = new TreeSet<Integer>();
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    @Override
    public void close() throws IOException, SQLException {
        sqlite.close();
        postgres.close();
        server.close();
    }
}
