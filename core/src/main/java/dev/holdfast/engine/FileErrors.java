package dev.holdfast.engine;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** What a file system refused, in words: its exceptions often say no more than a name. */
public final class FileErrors {
    private FileErrors() {}

    /** The reason of a failure, such as {@code no permission}; without the name of the file. */
    public static String words(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no such file or folder";
            case AccessDeniedException closed -> "no permission";
            case FileAlreadyExistsException there -> "there is a file already";
            case NotDirectoryException file -> "it is no folder";
            case CharacterCodingException foreign -> "it is not text in UTF-8";
            case FileSystemException other ->
                Objects.requireNonNullElse(other.getReason(), "the system does not say why");
            default -> Objects.requireNonNullElse(failure.getMessage(), "the system does not say why");
        };
    }
}
