package dev.holdfast.record;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Content that is bytes; it never changes, and equals other bytes of the same content. */
public final class Bytes implements PayloadData {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** The content of an array, which stays the caller's. */
    public static Bytes copyOf(byte[] content) {
        return new Bytes(content.clone());
    }

    /** An array that nobody else has. */
    static Bytes owning(byte[] content) {
        return new Bytes(content);
    }

    /** How many there are. */
    public int length() {
        return content.length;
    }

    /** A copy of the content. */
    public byte[] toByteArray() {
        return content.clone();
    }

    /**
     * Writes the content, without a copy.
     *
     * @throws IOException the target cannot be written
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(content);
    }

    /** The content itself, not to be modified. */
    byte[] content() {
        return content;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return "Bytes[length=" + content.length + "]";
    }
}
