package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ways in which appends to many streams may lie in a SQLite file, in plain JDBC: 1,000 appends a commit, to random
 * streams. What the room of streams decides on.
 */
final class StreamLayouts {
    private static final int APPENDS = 400_000;
    private static final int PER_COMMIT = 1_000;

    /** One log of all streams in the order of arrival. */
    private static final Layout LOG = new Layout(
            "create table log (seq integer primary key, stream integer not null, start integer not null,"
                    + " data blob not null) strict",
            "insert into log (stream, start, data) values (?, ?, ?)");
    /** The same with an index, so that a stream can be read without knowing where its appends lie. */
    private static final Layout INDEXED = new Layout(
            "create table log (seq integer primary key, stream integer not null, start integer not null,"
                    + " data blob not null) strict; create unique index log_stream on log (stream, start)",
            LOG.insert);
    /** Every stream's appends side by side. */
    private static final Layout KEYED = new Layout(
            "create table log (stream integer not null, start integer not null, data blob not null,"
                    + " primary key (stream, start)) strict, without rowid",
            LOG.insert);

    private StreamLayouts() {}

    static Outcome log(Path folder, double scale, int streams) throws Exception {
        return LOG.run(folder, scale, streams);
    }

    static Outcome indexed(Path folder, double scale, int streams) throws Exception {
        return INDEXED.run(folder, scale, streams);
    }

    static Outcome keyed(Path folder, double scale, int streams) throws Exception {
        return KEYED.run(folder, scale, streams);
    }

    /** Reads where every append of a log lies, as a store does that opens after a crash. */
    static Outcome rebuild(Path folder, double scale) throws Exception {
        int appends = (int) (APPENDS * scale);
        Path file = folder.resolve("rebuilt.db");
        LOG.fill(file, appends, Math.max(1, appends / 4));
        @Nullable Outcome outcome = null;
        for (int run = 0; run < 2; run++) {
            try (Connection connection = RawSqlite.open(file);
                    Statement statement = connection.createStatement()) {
                Window window = Window.open();
                long[] places = new long[2 * appends];
                int at = 0;
                try (ResultSet rows = statement.executeQuery("select seq, stream, start, length(data) from log")) {
                    while (rows.next()) {
                        places[at++] = rows.getLong(1);
                        places[at++] = rows.getLong(2) << Integer.SIZE | (rows.getLong(3) + rows.getLong(4));
                    }
                }
                outcome = window.close(appends).checked(at / 2 + " places, last " + places[at - 1]);
            }
        }
        return Objects.requireNonNull(outcome);
    }

    /** A table and how an append gets into it. */
    private record Layout(String table, String insert) {
        Outcome run(Path folder, double scale, int streams) throws Exception {
            int appends = (int) (APPENDS * scale);
            fill(folder.resolve("warm.db"), appends / 4, streams);
            return fill(folder.resolve("measured.db"), appends, streams);
        }

        Outcome fill(Path file, int appends, int streams) throws Exception {
            int[] order = Rows.random(appends, streams);
            long[] tails = new long[streams];
            Outcome outcome;
            try (Connection connection = RawSqlite.open(file)) {
                for (String statement : table.split(";")) {
                    execute(connection, statement);
                }
                connection.setAutoCommit(false);
                try (PreparedStatement append = connection.prepareStatement(insert)) {
                    Window window = Window.open();
                    for (int i = 0; i < appends; i++) {
                        int stream = order[i];
                        append.setInt(1, stream);
                        append.setLong(2, tails[stream]++);
                        append.setBytes(3, Rows.value(stream, i));
                        append.executeUpdate();
                        if ((i + 1) % PER_COMMIT == 0) {
                            connection.commit();
                        }
                    }
                    connection.commit();
                    outcome = window.close(appends);
                }
                return outcome.checked(count(connection));
            }
        }

        private static String count(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "select count(*), count(distinct stream), sum(length(data)) from log")) {
                rows.next();
                return rows.getLong(1) + " appends, " + rows.getLong(2) + " streams, " + rows.getLong(3) + " bytes";
            }
        }

        private static void execute(Connection connection, String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
