package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Reads of a warm store of 100,000 entries. */
final class KvReads {
    private static final int ENTRIES = 100_000;
    private static final int FILLERS = 256;
    private static final int POINTS = 400_000;
    private static final int SCANS = 20;
    /** How often everything is done before it is measured: until the compiler has finished. */
    private static final int WARM = 2;

    private static final String SCAN =
            "select key, value, versionstamp, expires_at from holdfast_kv where ns = 1 order by key";

    private KvReads() {}

    /** Point reads by so many threads. */
    static Outcome store(Path folder, double scale, int threads) throws Exception {
        int[] keys = Rows.random((int) (POINTS * scale), ENTRIES);
        try (Holdfast holdfast = filled(folder.resolve("store.db"))) {
            Kv kv = holdfast.kv();
            return points(
                    threads, keys, key -> kv.get(key).orElseThrow().value().encoded());
        }
    }

    /** The same with one prepared statement for each thread. */
    static Outcome raw(Path folder, double scale, int threads) throws Exception {
        int[] keys = Rows.random((int) (POINTS * scale), ENTRIES);
        Path file = folder.resolve("store.db");
        filled(file).close();
        try (RawReaders readers = new RawReaders(file)) {
            return points(threads, keys, readers::value);
        }
    }

    private static Outcome points(int threads, int[] keys, Point point) throws Exception {
        try (Callers callers = Callers.platform(threads)) {
            LongAdder bytes = new LongAdder();
            Callers.Operation read = i -> bytes.add(point.value(Rows.key(keys[i])).length);
            callers.run(keys.length * WARM, i -> read.run(i % keys.length));
            bytes.reset();
            return callers.run(keys.length, read).checked(bytes.sum() + " bytes");
        }
    }

    /** Lists everything again and again. */
    static Outcome list(Path folder, double scale) throws Exception {
        try (Holdfast holdfast = filled(folder.resolve("store.db"))) {
            Kv kv = holdfast.kv();
            return scans(scale, () -> {
                try (Stream<KvEntry> entries = kv.list(KvSelection.all())) {
                    return entries.mapToLong(KvReads::weigh).sum();
                }
            });
        }
    }

    /** The same with one query, whose rows are decoded to the same entries. */
    static Outcome rawList(Path folder, double scale) throws Exception {
        Path file = folder.resolve("store.db");
        filled(file).close();
        try (Connection connection = RawSqlite.open(file);
                PreparedStatement scan = connection.prepareStatement(SCAN)) {
            return scans(scale, () -> {
                long sum = 0;
                try (ResultSet rows = scan.executeQuery()) {
                    while (rows.next()) {
                        sum += weigh(entry(rows));
                    }
                }
                return sum;
            });
        }
    }

    private static KvEntry entry(ResultSet row) throws Exception {
        long expiresAt = row.getLong(4);
        return new KvEntry(
                Key.decode(row.getBytes(1)),
                KvValue.bytes(row.getBytes(2)),
                new Versionstamp(row.getLong(3)),
                expiresAt == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expiresAt)));
    }

    private static long weigh(KvEntry entry) {
        return (long) entry.value().encoded().length + entry.key().encoded().length;
    }

    private static Outcome scans(double scale, Scan scan) throws Exception {
        int count = Math.max(1, (int) (SCANS * scale));
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum = scan.sum();
        }
        Window window = Window.open();
        for (int i = 0; i < count; i++) {
            sum = scan.sum();
        }
        return window.close((long) count * ENTRIES).checked(sum + " bytes");
    }

    static Holdfast filled(Path file) throws Exception {
        Holdfast holdfast = Holdfast.open(file);
        Kv kv = holdfast.kv();
        try (Callers callers = Callers.virtual(FILLERS)) {
            callers.run(ENTRIES, i -> kv.set(Rows.key(i), KvValue.bytes(Rows.value(i, 0)), Optional.empty()));
        }
        return holdfast;
    }

    /** Reads the value of a key. */
    @FunctionalInterface
    private interface Point {
        byte[] value(Key key) throws Exception;
    }

    /** One pass over everything. */
    @FunctionalInterface
    private interface Scan {
        long sum() throws Exception;
    }
}
