package dev.holdfast.collection;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The sum of the hashes of index entries: equal for the same entries in any order, without keeping them. */
final class EntrySum {
    private final MessageDigest digest;
    private long count;
    private long high;
    private long low;

    EntrySum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    void add(byte[] value, String id) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).flip());
        digest.update(value);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(DocumentId.bytes(id)));
        count++;
        high += hash.getLong();
        low += hash.getLong();
    }

    boolean isSame(EntrySum other) {
        return count == other.count && high == other.high && low == other.low;
    }
}
