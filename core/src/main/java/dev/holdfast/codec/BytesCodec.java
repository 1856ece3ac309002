package dev.holdfast.codec;

import java.util.Objects;

/** Bytes as they are, for the encoding that means just that. */
final class BytesCodec implements Codec<byte[]> {
    static final BytesCodec BYTES = new BytesCodec();

    private BytesCodec() {}

    @Override
    public Encoding encoding() {
        return Encoding.BYTES;
    }

    @Override
    public byte[] encode(byte[] value) {
        return Objects.requireNonNull(value, "value");
    }

    @Override
    public byte[] decode(byte[] bytes) {
        return Objects.requireNonNull(bytes, "bytes");
    }

    @Override
    public String toString() {
        return "bytes";
    }
}
