package dev.holdfast.key;

import dev.holdfast.engine.InvalidInputException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Keys in Deno's own order, as they travel in KV Connect. The wire bytes are the stored bytes with another tag on each
 * number, {@code 21} instead of {@code 05}, so that there big integers stand before numbers. Source: the key codec of
 * the public Deno KV clients.
 */
public final class KeyWire {
    /** Behind every big integer and before everything that sorts after them, in stored order. */
    private static final byte ABOVE_BIG_INTEGERS = 0x1e;

    private static final byte BELOW_BIG_INTEGERS = 0x03;
    private static final byte ABOVE_ALL = 0x28;

    private KeyWire() {}

    /** The wire bytes of a key. Shared with the key when it holds no number: they must never be changed. */
    public static byte[] wire(Key key) {
        byte[] stored = Objects.requireNonNull(key, "key").encoded();
        return retag(stored, KeyTags.NUMBER, KeyTags.WIRE_NUMBER);
    }

    /**
     * The key of wire bytes; empty when they are no key that can be stored, or larger than
     * {@value Key#ENCODED_BYTES_MAX}.
     */
    public static Optional<Key> read(byte[] wire) {
        try {
            return Optional.of(decode(wire));
        } catch (InvalidInputException noKey) {
            return Optional.empty(); // to a reader such a key is missing, which is an answer
        }
    }

    /**
     * The key of wire bytes.
     *
     * @throws InvalidInputException {@code key.malformed}: the bytes are no key; {@code key.too_large}: they are more
     *     than {@value Key#ENCODED_BYTES_MAX}
     */
    public static Key decode(byte[] wire) {
        if (Objects.requireNonNull(wire, "wire").length > Key.ENCODED_BYTES_MAX) {
            throw KeyErrors.tooLarge(wire.length);
        }
        return Key.decode(retag(wire, KeyTags.WIRE_NUMBER, KeyTags.NUMBER));
    }

    /**
     * Where the first big integer starts in a stored key, as an index of its bytes; -1 without one. Only such keys
     * stand in another place in wire order than in stored order.
     */
    public static int bigIntegerAt(byte[] stored) {
        for (int at = 0; at < stored.length; ) {
            if (KeyTags.isBigInteger(stored[at])) {
                return at;
            }
            at = KeyReader.partEnd(stored, at, KeyTags.NUMBER);
            if (at < 0) {
                throw KeyErrors.malformed(stored.length, "no whole part");
            }
        }
        return -1;
    }

    /**
     * The place of a wire bound in stored order: a key without big integers is below {@code bound} on the wire exactly
     * when its stored bytes are below the result. Any bytes may come, also some that are no key and end anywhere.
     */
    public static byte[] cut(byte[] bound) {
        byte[] out = Arrays.copyOf(bound, bound.length + 1);
        for (int at = 0; at < bound.length; ) {
            byte tag = bound[at];
            if (KeyTags.isBigInteger(tag)) {
                return closed(out, at, BELOW_BIG_INTEGERS);
            }
            int end = KeyReader.partEnd(bound, at, KeyTags.WIRE_NUMBER);
            if (tag == KeyTags.WIRE_NUMBER) {
                out[at] = KeyTags.NUMBER;
            }
            if (end < 0) {
                return cutRest(out, at, tag & 0xff);
            }
            at = end;
        }
        return Arrays.copyOf(out, bound.length);
    }

    /** What follows the last whole part begins at {@code at} with {@code tag}, and has no end of its own. */
    private static byte[] cutRest(byte[] out, int at, int tag) {
        return switch (tag) {
            case KeyTags.END -> closed(out, at, KeyTags.END);
            case KeyTags.BYTES, KeyTags.TEXT, KeyTags.WIRE_NUMBER -> Arrays.copyOf(out, out.length - 1);
            default -> {
                if (tag < KeyTags.WIRE_NUMBER) {
                    yield closed(out, at, BELOW_BIG_INTEGERS);
                }
                yield closed(out, at, tag < KeyTags.FALSE ? ABOVE_BIG_INTEGERS : ABOVE_ALL);
            }
        };
    }

    private static byte[] closed(byte[] out, int length, byte last) {
        byte[] bound = Arrays.copyOf(out, length + 1);
        bound[length] = last;
        return bound;
    }

    /** The same parts with another tag on each number; the same array when there is none. */
    private static byte[] retag(byte[] key, byte from, byte to) {
        byte[] out = key;
        boolean own = false;
        for (int at = 0; at < key.length; ) {
            int end = KeyReader.partEnd(key, at, from);
            if (end < 0) {
                throw KeyErrors.malformed(at, "no whole part");
            }
            if (key[at] == from) {
                if (!own) {
                    out = key.clone();
                    own = true;
                }
                out[at] = to;
            }
            at = end;
        }
        return out;
    }
}
