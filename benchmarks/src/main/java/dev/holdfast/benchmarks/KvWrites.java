package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Optional;

/** Durable writes of small values under random keys, into a store and into the same table without the library. */
final class KvWrites {
    private static final int MANY = 200_000;
    private static final int FEW = 12_000;

    private KvWrites() {}

    /** Many callers, each of whom waits for the commit of every write. */
    static Outcome store(Path folder, double scale, int callers) throws Exception {
        int[] keys = Rows.random((int) (scale * (callers == 1 ? FEW : MANY)), Rows.KEYS);
        warmStore(folder, keys, callers);
        Path file = folder.resolve("measured.db");
        Outcome outcome;
        try (Holdfast holdfast = Holdfast.open(file)) {
            outcome = storeRun(holdfast, keys, callers);
        }
        return outcome.checked(check(file));
    }

    private static void warmStore(Path folder, int[] keys, int callers) throws Exception {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("warm.db"))) {
            storeRun(holdfast, keys, callers);
        }
    }

    private static Outcome storeRun(Holdfast holdfast, int[] keys, int callers) throws Exception {
        var kv = holdfast.kv();
        try (Callers threads = callers == 1 ? Callers.platform(1) : Callers.virtual(callers)) {
            return threads.run(keys.length, i -> {
                int number = keys[i];
                kv.set(Rows.key(number), KvValue.bytes(Rows.value(number, i)), Optional.empty());
            });
        }
    }

    /** One connection that commits after every {@code perCommit} rows. */
    static Outcome raw(Path folder, double scale, int perCommit) throws Exception {
        return raw(folder, scale, perCommit, false);
    }

    /** One connection that commits every row together with the two others that the store writes with it. */
    static Outcome rawWithLog(Path folder, double scale) throws Exception {
        return raw(folder, scale, 1, true);
    }

    private static Outcome raw(Path folder, double scale, int perCommit, boolean log) throws Exception {
        int[] keys = Rows.random((int) (scale * (perCommit == 1 ? FEW : MANY)), Rows.KEYS);
        rawRun(empty(folder.resolve("warm.db")), keys, perCommit, log);
        Path file = empty(folder.resolve("measured.db"));
        return rawRun(file, keys, perCommit, log).checked(check(file));
    }

    private static Path empty(Path file) {
        Holdfast.open(file).close();
        return file;
    }

    private static Outcome rawRun(Path file, int[] keys, int perCommit, boolean log) throws Exception {
        try (Connection connection = RawSqlite.open(file);
                PreparedStatement upsert = connection.prepareStatement(RawSqlite.UPSERT);
                PreparedStatement change = connection.prepareStatement(RawSqlite.CHANGE);
                PreparedStatement state = connection.prepareStatement(RawSqlite.STATE)) {
            Window window = Window.open();
            boolean each = perCommit == 1 && !log;
            connection.setAutoCommit(each);
            for (int i = 0; i < keys.length; i++) {
                Key key = Rows.key(keys[i]);
                upsert.setBytes(1, key.encoded());
                upsert.setBytes(2, Rows.value(keys[i], i));
                upsert.setLong(3, i + 1);
                upsert.executeUpdate();
                if (log) {
                    change.setLong(1, i + 1);
                    change.setBytes(2, key.encoded());
                    change.executeUpdate();
                    state.setLong(1, i + 1);
                    state.executeUpdate();
                }
                if (!each && (i + 1) % perCommit == 0) {
                    connection.commit();
                }
            }
            if (!each) {
                connection.commit();
            }
            return window.close(keys.length);
        }
    }

    /** Reads everything back: how many entries, and bytes of values in all. */
    private static String check(Path file) {
        try (Holdfast holdfast = Holdfast.open(file);
                var entries = holdfast.kv().list(KvSelection.all())) {
            long[] found = new long[2];
            entries.forEach(entry -> {
                found[0]++;
                found[1] += entry.value().encoded().length;
            });
            return found[0] + " entries, " + found[1] + " bytes";
        }
    }
}
