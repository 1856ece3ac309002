package dev.holdfast.codec;

/**
 * Turns values of one type into stored bytes and back. Implementations are immutable and safe for use by many threads.
 *
 * @param <T> the Java type
 */
public interface Codec<T> {
    /** How the bytes are to be read by everybody else. */
    Encoding encoding();

    /**
     * The bytes of a value. The array may be the value itself: it is handed on, not changed.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code codec.unsupported}: the value has no such form
     */
    byte[] encode(T value);

    /**
     * The value of stored bytes.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code codec.mismatch}: the bytes are not a value of this type
     */
    T decode(byte[] bytes);
}
