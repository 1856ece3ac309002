package dev.holdfast.engine.sqlite;

import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.FileErrors;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.PartFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a store that is about to take the place of another one: made beside it, prepared, and then given its name
 * in one step. Until then, and when anything fails, the store in its place is what it was; nobody can use it meanwhile.
 */
public final class SqliteReplacement implements AutoCloseable {
    private static final String ACT = "restore";
    private static final String LOG = "-wal";

    private final Path target;
    private final PartFile part;
    private final @Nullable SqliteClaim replaced;

    private SqliteReplacement(Path target, PartFile part, @Nullable SqliteClaim replaced) {
        this.target = target;
        this.part = part;
        this.replaced = replaced;
    }

    /**
     * Copies a file beside the place it shall take.
     *
     * @param source the copy that a backup has made; not a store that is in use
     * @param target where it shall stand; its folder is made when missing
     * @param replace whether a store may stand there already
     * @throws InvalidInputException {@code restore.no_backup}, {@code restore.in_use}: the source is missing, may not
     *     be read, or is a store in use; {@code restore.exists}: what is in the place may not be replaced, or is no
     *     file; {@code sqlite.no_permission}: this process may not make a store there
     * @throws ConflictException {@code restore.busy}: somebody has the store open that shall be replaced
     * @throws EngineException the copy cannot be written
     */
    public static SqliteReplacement of(Path source, Path target, boolean replace) {
        boolean there = Files.exists(target);
        refuse(source, target, there && !replace);
        if (there && !Files.isRegularFile(target)) {
            throw new InvalidInputException("restore.exists", "what is there is no file (file=" + target + ")");
        }
        SqliteRights.require(target);
        SqliteClaim claim = there ? SqliteClaim.of(target, ACT) : null;
        try {
            Path folder = target.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return new SqliteReplacement(target, copied(source, target), claim);
        } catch (IOException e) {
            if (claim != null) {
                claim.close();
            }
            throw failed(target, e);
        }
    }

    private static PartFile copied(Path source, Path target) throws IOException {
        PartFile part = PartFile.of(target);
        try {
            Files.copy(source, part.path(), StandardCopyOption.REPLACE_EXISTING);
            return part;
        } catch (IOException e) {
            part.close();
            throw e;
        }
    }

    private static void refuse(Path source, Path target, boolean occupied) {
        if (!Files.isRegularFile(source)) {
            throw new InvalidInputException("restore.no_backup", "there is no such backup (file=" + source + ")");
        }
        if (!Files.isReadable(source)) {
            throw new InvalidInputException(
                    "restore.no_backup", "no permission to read the backup (file=" + source + ")");
        }
        if (Files.exists(Path.of(source + LOG)) || source.toAbsolutePath().equals(target.toAbsolutePath())) {
            throw new InvalidInputException(
                    "restore.in_use", "the file is a store in use, not a copy that backup made (file=" + source + ")");
        }
        if (occupied) {
            throw new InvalidInputException(
                    "restore.exists",
                    "there is a file already, and it was not asked to replace it (file=" + target + ")");
        }
    }

    /** The copy, to be prepared; it must be closed again before {@link #settle}. */
    public Path file() {
        return part.path();
    }

    /** A number in the only row of a table of the store that is replaced, if there is one and it can be read. */
    public Optional<Long> number(String table, String column) {
        return replaced == null ? Optional.empty() : replaced.number(table, column);
    }

    /** Gives the copy the place; it is on the disk when this returns. */
    public void settle() {
        try {
            if (SqliteFile.hasBeside(part.path())) {
                throw new EngineException("restore.open", "the copy is still in use (file=" + target + ")");
            }
            SqliteBackup.settle(part, target);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Lets the replaced store go, and removes the copy unless it has settled. */
    @Override
    public void close() {
        try {
            part.close();
            SqliteFile.removeBeside(part.path());
        } catch (IOException e) {
            throw failed(target, e);
        } finally {
            if (replaced != null) {
                replaced.close();
            }
        }
    }

    private static EngineException failed(Path target, IOException e) {
        return new EngineException(
                "restore.failed",
                "the copy cannot be put in its place: " + FileErrors.words(e) + " (file=" + target + ")",
                e);
    }
}
