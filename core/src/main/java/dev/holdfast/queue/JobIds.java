package dev.holdfast.queue;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/** Ids of jobs: 16 bytes where they are stored, 36 characters where they are seen. */
final class JobIds {
    static final int BYTES = 16;
    private static final int CHARS = 36;

    private JobIds() {}

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /** The bytes of an id as it is seen; none when no job can have it. */
    static Optional<byte[]> bytes(String text) {
        if (text.length() != CHARS) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? Optional.of(bytes(id)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String text(byte[] id) {
        ByteBuffer bytes = ByteBuffer.wrap(id);
        return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }
}
