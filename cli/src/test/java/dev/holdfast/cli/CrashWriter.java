package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;

/**
 * A program that uses the library on the store of a server, to be killed: each transaction writes an entry, a document
 * and a row of a table of its own. It does as many as it is told by numbers on its standard input, so that it does not
 * keep the server from writing, and prints what was committed.
 */
final class CrashWriter {
    static final String TABLE = "crash_rows";
    static final String COLLECTION = "crash";
    private static final int THREADS = 3;

    private CrashWriter() {}

    /** What it prints when it begins. */
    static final String READY = "ready";

    /** Writes to the store {@code args[0]} under ids that begin with {@code args[1]}, until its input ends. */
    public static void main(String[] args) throws IOException {
        Semaphore allowed = new Semaphore(0);
        try (Holdfast holdfast = Holdfast.open(args[0]);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (int t = 0; t < THREADS; t++) {
                String prefix = args[1] + "-" + t + "-";
                Thread.ofVirtual().start(() -> writeForEver(holdfast, prefix, allowed));
            }
            System.out.println(READY);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                allowed.release(Integer.parseInt(line));
            }
        }
    }

    /** Makes what the program needs, in an empty store. */
    static void prepare(Holdfast holdfast) throws SQLException {
        holdfast.transaction(tx -> execute(tx.connection(), "create table " + TABLE + " (id text primary key)"));
        holdfast.collection(COLLECTION)
                .createIndex(DocumentIndex.on("name", "name").asUnique());
        holdfast.collection(COLLECTION).createIndex(DocumentIndex.on("length", "length", "name"));
    }

    private static void writeForEver(Holdfast holdfast, String prefix, Semaphore allowed) {
        try {
            for (int i = 0; ; i++) {
                allowed.acquireUninterruptibly();
                write(holdfast, prefix + i);
                System.out.println(prefix + i);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a transaction failed", e);
        }
    }

    private static void write(Holdfast holdfast, String id) throws SQLException {
        holdfast.transaction(tx -> {
            tx.kv().set(Key.of("lib", id), id);
            tx.collection(COLLECTION)
                    .insert(Json.mapper()
                            .createObjectNode()
                            .put("id", id)
                            .put("name", id)
                            .put("length", id.length()));
            return insert(tx.connection(), id);
        });
    }

    private static int insert(Connection connection, String id) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into " + TABLE + " values (?)")) {
            insert.setString(1, id);
            return insert.executeUpdate();
        }
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }
}
