package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.InvalidInputException;
import java.time.Duration;
import java.util.Objects;

/**
 * How a SQLite store is opened.
 *
 * @param durability what a commit waits for
 * @param readers read connections, 1 to 64
 * @param cacheKib page cache of each connection in KiB, 64 to 4,194,304
 * @param transactionLimit how long a user's transaction may take, 1 ms to 1 hour; then it is rolled back
 * @param turnLimit how long a writer waits for its turn, behind transactions here and in other processes, and a reader
 *     for a connection or a thread of its own, 1 ms to 1 hour
 * @param groupMax operations that may share one commit, 1 to 10,000
 */
public record SqliteOptions(
        Durability durability, int readers, int cacheKib, Duration transactionLimit, Duration turnLimit, int groupMax) {

    /** What a commit waits for. */
    public enum Durability {
        /** The disk has everything when a write returns: nothing acknowledged is lost even when the power fails. */
        FULL,
        /**
         * The operating system has everything when a write returns: nothing is lost when the process dies. When the
         * machine dies the last commits may be missing; the file stays sound.
         */
        NORMAL
    }

    private static final int READERS_MAX = 64;
    private static final int CACHE_KIB_MIN = 64;
    private static final int CACHE_KIB_MAX = 4 << 20;
    private static final int GROUP_MAX = 10_000;
    private static final Duration LIMIT_MAX = Duration.ofHours(1);

    /** Checks every range. */
    public SqliteOptions {
        Objects.requireNonNull(durability, "durability");
        require("readers", readers, 1, READERS_MAX);
        require("cacheKib", cacheKib, CACHE_KIB_MIN, CACHE_KIB_MAX);
        require("groupMax", groupMax, 1, GROUP_MAX);
        require("transactionLimit", transactionLimit.toMillis(), 1, LIMIT_MAX.toMillis());
        require("turnLimit", turnLimit.toMillis(), 1, LIMIT_MAX.toMillis());
    }

    /** FULL durability, readers by the number of processors, 16 MiB caches, limits of 10 and 30 seconds. */
    public static SqliteOptions defaults() {
        int readers = Math.clamp(Runtime.getRuntime().availableProcessors() * 2L, 2, READERS_MAX);
        return new SqliteOptions(
                Durability.FULL, readers, 16 << 10, Duration.ofSeconds(10), Duration.ofSeconds(30), 2_000);
    }

    /** The same with another durability. */
    public SqliteOptions withDurability(Durability value) {
        return new SqliteOptions(value, readers, cacheKib, transactionLimit, turnLimit, groupMax);
    }

    /** The same with another number of read connections. */
    public SqliteOptions withReaders(int value) {
        return new SqliteOptions(durability, value, cacheKib, transactionLimit, turnLimit, groupMax);
    }

    /** The same with another page cache. */
    public SqliteOptions withCacheKib(int value) {
        return new SqliteOptions(durability, readers, value, transactionLimit, turnLimit, groupMax);
    }

    /** The same with another limit for a user's transaction. */
    public SqliteOptions withTransactionLimit(Duration value) {
        return new SqliteOptions(durability, readers, cacheKib, value, turnLimit, groupMax);
    }

    /** The same with another limit for waiting. */
    public SqliteOptions withTurnLimit(Duration value) {
        return new SqliteOptions(durability, readers, cacheKib, transactionLimit, value, groupMax);
    }

    /** The same with another size of a shared commit. */
    public SqliteOptions withGroupMax(int value) {
        return new SqliteOptions(durability, readers, cacheKib, transactionLimit, turnLimit, value);
    }

    private static void require(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "sqlite.option",
                    name + " is out of range (" + name + "=" + value + ", min=" + min + ", max=" + max + ")");
        }
    }
}
