package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Tells the files of SQLite from others, by their first bytes, and what SQLite keeps beside them. */
public final class SqliteFile {
    private static final byte[] DATABASE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOG = HexFormat.of().parseHex("377f06");
    private static final byte[] JOURNAL = HexFormat.of().parseHex("d9d505f920a163d7");
    private static final String WAL = "-wal";
    private static final String INDEX = "-shm";
    /** What SQLite keeps beside a file; it belongs to the file of that name, whichever that is by then. */
    private static final String[] BESIDE = {WAL, INDEX, "-journal"};

    private SqliteFile() {}

    /** Whether this is a regular file that begins as a SQLite database does. */
    public static boolean isDatabase(Path file) throws IOException {
        return begins(file, DATABASE);
    }

    /**
     * Whether SQLite keeps this, or would keep it, beside a database: its log, the index of the log, or its journal.
     */
    public static boolean isBesideDatabase(Path file) throws IOException {
        if (begins(file, LOG) || begins(file, JOURNAL)) {
            return true;
        }
        Path real = Files.isRegularFile(file) ? file.toRealPath() : file;
        String name = real.toString();
        for (String ending : BESIDE) {
            if (name.endsWith(ending) && isDatabase(Path.of(name.substring(0, name.length() - ending.length())))) {
                return true;
            }
        }
        return false;
    }

    /** Whether SQLite has failed because the file that it read is no sound database. */
    public static boolean isDamage(EngineException e) {
        return SqliteIntegrity.isDamage(e);
    }

    /** Whether two names mean one file, by whatever link; names of files that are not there are compared. */
    static boolean isSame(Path file, Path other) throws IOException {
        boolean bothThere = Files.exists(file) && Files.exists(other);
        return bothThere
                ? Files.isSameFile(file, other)
                : file.toAbsolutePath()
                        .normalize()
                        .equals(other.toAbsolutePath().normalize());
    }

    /** Whether a name means a database, or what SQLite keeps beside it. */
    static boolean isOf(Path database, Path file) throws IOException {
        boolean same = isSame(database, file);
        for (Path beside : beside(database)) {
            same |= isSame(beside, file);
        }
        return same;
    }

    /** The names of what SQLite keeps beside a file, there or not. */
    static List<Path> beside(Path file) {
        return Arrays.stream(BESIDE).map(ending -> Path.of(file + ending)).toList();
    }

    /** Whether SQLite keeps something beside a file, as it does while the file is open. */
    static boolean hasBeside(Path file) {
        return beside(file).stream().anyMatch(Files::exists);
    }

    /** Whether a file has its log and the index of it, so that opening it makes nothing in its folder. */
    static boolean hasLog(Path file) {
        return Files.exists(Path.of(file + WAL)) && Files.exists(Path.of(file + INDEX));
    }

    /** Removes what SQLite keeps beside a file. */
    static void removeBeside(Path file) throws IOException {
        for (Path other : beside(file)) {
            Files.deleteIfExists(other);
        }
    }

    private static boolean begins(Path file, byte[] with) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(with.length), with);
        }
    }
}
