package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvValue;
import dev.holdfast.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Durable writes of small values under random keys into a PostgreSQL of the run's own, by 16 callers. */
final class PostgresWork {
    private static final int CALLERS = 16;
    private static final int SETS = 40_000;
    /**
     * So many times the work is done before it counts: callers and server leave the compiler little of two processors,
     * and what it has not finished falls into the window.
     */
    private static final int WARM = 4;

    private static final String UPSERT = """
            insert into raw_kv (key, value) values (?, ?) on conflict (key) do update set value = excluded.value
            """;
    /** The same with the line that the store keeps of every change. */
    private static final String UPSERT_AND_LOG = """
            with entry as (
              insert into raw_kv (key, value) values (?, ?) on conflict (key) do update set value = excluded.value
              returning key)
            insert into raw_changes (ns, versionstamp, n, room, scope, id, op)
              select 1, pg_current_xact_id()::text::bigint, 0, 'kv', '', key, 0 from entry
            """;

    private static final String SYNCS = "select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal'";
    private static final String LOG = "select pg_current_wal_lsn() - '0/0'";

    private PostgresWork() {}

    static Outcome store(double scale) throws Exception {
        try (PostgresServer server = PostgresServer.durable()) {
            String url = server.freshDatabase();
            Work open = () -> {
                Holdfast holdfast = Holdfast.open(url);
                Kv kv = holdfast.kv();
                return new Session(
                        (number, write) ->
                                kv.set(Rows.key(number), KvValue.bytes(Rows.value(number, write)), Optional.empty()),
                        holdfast::close);
            };
            return run(url, scale, open, "select count(*) from holdfast_kv");
        }
    }

    /** One connection and one prepared statement for each caller. */
    static Outcome raw(double scale) throws Exception {
        return raw(scale, UPSERT);
    }

    /** The same with a line in a change log, in one statement. */
    static Outcome rawWithLog(double scale) throws Exception {
        return raw(scale, UPSERT_AND_LOG);
    }

    private static Outcome raw(double scale, String upsert) throws Exception {
        try (PostgresServer server = PostgresServer.durable()) {
            String url = server.freshDatabase();
            execute(url, "create table raw_kv (key bytea primary key, value bytea not null)");
            execute(
                    url,
                    "create table raw_changes (ns integer, versionstamp bigint, n integer, room text not null,"
                            + " scope text not null, id bytea not null, op smallint not null,"
                            + " primary key (ns, versionstamp, n))");
            Work open = () -> {
                RawConnections connections = new RawConnections(url, upsert);
                return new Session(connections::set, connections::close);
            };
            return run(url, scale, open, "select count(*) from raw_kv");
        }
    }

    private static Outcome run(String url, double scale, Work open, String count) throws Exception {
        int[] keys = Rows.random((int) (SETS * scale), Rows.KEYS);
        Outcome outcome;
        double syncs;
        double log;
        try (Callers callers = Callers.platform(CALLERS);
                Session session = open.open()) {
            callers.run(keys.length * WARM, i -> session.set.set(keys[i % keys.length], -i - 1));
            log = number(url, LOG);
            outcome = callers.run(keys.length, i -> session.set.set(keys[i], i));
            log = number(url, LOG) - log;
        }
        // Each server process adds its counts when its connection ends.
        syncs = number(url, SYNCS);
        return outcome.checked((long) number(url, count) + " entries")
                .with("WAL bytes/op", log / outcome.operations())
                .with("WAL syncs/op, warm-up included", syncs / ((1.0 + WARM) * keys.length));
    }

    private static double number(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getDouble(1);
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Opens a contestant. */
    @FunctionalInterface
    private interface Work {
        Session open() throws Exception;
    }

    /** Writes the value of a key. */
    @FunctionalInterface
    private interface Set {
        void set(int number, int write) throws Exception;
    }

    /** An open contestant. */
    private record Session(Set set, Closing closing) implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            closing.close();
        }
    }

    /** Closes what a contestant holds open. */
    @FunctionalInterface
    private interface Closing {
        void close() throws SQLException;
    }

    /** A connection with its statement for each thread. */
    private static final class RawConnections {
        private final ConcurrentLinkedQueue<Connection> connections = new ConcurrentLinkedQueue<>();
        private final ThreadLocal<PreparedStatement> statements;

        RawConnections(String url, String upsert) {
            statements = ThreadLocal.withInitial(() -> {
                try {
                    Connection connection = DriverManager.getConnection(url);
                    connections.add(connection);
                    return connection.prepareStatement(upsert);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        void set(int number, int write) throws SQLException {
            PreparedStatement statement = statements.get();
            statement.setBytes(1, Rows.key(number).encoded());
            statement.setBytes(2, Rows.value(number, write));
            statement.executeUpdate();
        }

        void close() throws SQLException {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }
}
