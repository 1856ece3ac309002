package dev.holdfast.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.UUID;

/**
 * A file in the making: written beside its target under a name of its own, and given the target's name in one step when
 * it is whole. Until then, and when anything fails, the target is what it was; closing removes what has not settled. A
 * process that is killed leaves a file that ends in {@code .part}. For one thread.
 */
public final class PartFile implements AutoCloseable {
    private final Path target;
    private final Path path;

    private PartFile(Path target, Path path) {
        this.target = target;
        this.path = path;
    }

    /**
     * Makes an empty file beside a target. It may be read and written by those who may do that to the file that it
     * will replace.
     *
     * @throws IOException the folder is missing or cannot be written to
     */
    public static PartFile of(Path target) throws IOException {
        // Of its own, so that two that are made at once do not meet in it.
        Path path = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        PartFile part = new PartFile(target, Files.createFile(path));
        try {
            part.takePermissions();
            return part;
        } catch (IOException e) {
            part.close();
            throw e;
        }
    }

    /** Where it is written. */
    public Path path() {
        return path;
    }

    /** Puts what was written on the disk. */
    public void force() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Gives it the name of its target, whose file it replaces; the name is on the disk when this returns. */
    public void settle() throws IOException {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }

    private void takePermissions() throws IOException {
        PosixFileAttributeView replaced = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (replaced != null && Files.exists(target)) {
            Set<PosixFilePermission> permissions = replaced.readAttributes().permissions();
            permissions.add(PosixFilePermission.OWNER_READ);
            permissions.add(PosixFilePermission.OWNER_WRITE);
            Files.setPosixFilePermissions(path, permissions);
        }
    }
}
