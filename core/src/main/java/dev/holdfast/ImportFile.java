package dev.holdfast;

import dev.holdfast.engine.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.LongConsumer;

/** What an import is read from: all of it is looked at first, so it is read twice. */
final class ImportFile {
    private ImportFile() {}

    static long load(Transfer transfer, Path file, LongConsumer progress) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InvalidInputException("transfer.folder", "a folder is no export (file=" + file + ")");
        }
        if (Files.isRegularFile(file)) {
            return readTwice(transfer, file, progress);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return load(transfer, in, progress);
        }
    }

    /** What can be read only once is kept in a file meanwhile. */
    static long load(Transfer transfer, InputStream source, LongConsumer progress) throws IOException {
        Path kept = Files.createTempFile("holdfast-import-", ".ndjson");
        try {
            Files.copy(source, kept, StandardCopyOption.REPLACE_EXISTING);
            return readTwice(transfer, kept, progress);
        } finally {
            Files.deleteIfExists(kept);
        }
    }

    private static long readTwice(Transfer transfer, Path file, LongConsumer progress) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            transfer.check(in);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return transfer.load(in, progress);
        }
    }
}
