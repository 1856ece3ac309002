package dev.holdfast;

import dev.holdfast.engine.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * An export that is going to be read into a store. For programs that want to know whether it is one before they open
 * the store, which may make it; others use {@link Holdfast#importFrom(InputStream)}. It is read at least twice, so what
 * can be read only once is kept in a temporary file until this is closed. For one thread.
 *
 * {@snippet :
 * try (ImportSource export = ImportSource.of(System.in)) {
 *     export.check();
 *     try (Holdfast holdfast = Holdfast.open("app.db")) {
 *         export.readInto(holdfast, lines -> {});
 *     }
 * }
 * }
 */
public final class ImportSource implements AutoCloseable {
    private final Path file;
    private final boolean ours;
    private boolean checked;

    private ImportSource(Path file, boolean ours) {
        this.file = file;
        this.ours = ours;
    }

    /**
     * What a file holds. A regular file is read where it is, and must not change until this is closed; a pipe is read
     * to its end at once.
     *
     * @throws InvalidInputException {@code transfer.folder}: it is a folder
     * @throws IOException the file cannot be read
     */
    public static ImportSource of(Path file) throws IOException {
        if (Files.isDirectory(Objects.requireNonNull(file, "file"))) {
            throw new InvalidInputException("transfer.folder", "a folder is no export (file=" + file + ")");
        }
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isRegularFile(file)) {
            return new ImportSource(file, false);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(in);
        }
    }

    /**
     * What a stream brings, which is read to its end at once.
     *
     * @throws IOException it cannot be read or kept
     */
    public static ImportSource of(InputStream source) throws IOException {
        Objects.requireNonNull(source, "source");
        Path kept = Files.createTempFile("holdfast-import-", ".ndjson");
        try {
            Files.copy(source, kept, StandardCopyOption.REPLACE_EXISTING);
            return new ImportSource(kept, true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(kept);
            throw e;
        }
    }

    /**
     * Looks at all of it, by the limits that rooms have unless they are told others.
     *
     * @throws InvalidInputException as {@link Holdfast#importFrom(InputStream)}
     * @throws IOException it cannot be read
     */
    public void check() throws IOException {
        try (Holdfast nowhere = Holdfast.open(Holdfast.MEMORY)) {
            check(nowhere);
        }
    }

    /**
     * Reads it into a store; see {@link Holdfast#importFrom(InputStream)}. What was not looked at yet is looked at
     * first.
     *
     * @param progress is told the number of lines after each that was taken, on the calling thread
     * @return the number of lines
     * @throws IOException it cannot be read
     */
    public long readInto(Holdfast holdfast, LongConsumer progress) throws IOException {
        if (!checked) {
            check(holdfast);
        }
        try (InputStream in = open()) {
            return new Transfer(holdfast).load(in, progress);
        }
    }

    /** Removes what was kept of it. */
    @Override
    public void close() throws IOException {
        if (ours) {
            Files.deleteIfExists(file);
        }
    }

    private void check(Holdfast store) throws IOException {
        try (InputStream in = open()) {
            new Transfer(store).check(in);
        }
        checked = true;
    }

    private InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(file));
    }
}
