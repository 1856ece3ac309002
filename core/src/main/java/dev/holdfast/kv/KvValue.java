package dev.holdfast.kv;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Codecs;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.v8.V8Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A stored value: bytes and how they are to be read. Immutable. */
public final class KvValue {
    private static final ClassValue<Codec<Object>> JSON = new ClassValue<>() {
        @Override
        @SuppressWarnings("unchecked") // a value is only ever given to the codec of its own class
        protected Codec<Object> computeValue(Class<?> type) {
            return (Codec<Object>) Codecs.json(type);
        }
    };

    private final Encoding encoding;
    private final byte[] bytes;

    KvValue(Encoding encoding, byte[] bytes) {
        this.encoding = encoding;
        this.bytes = bytes;
    }

    /**
     * What a Java value is stored as: a {@code KvValue} as it is, a {@code byte[]} as plain bytes, everything else as
     * JSON.
     *
     * @throws InvalidInputException {@code codec.unsupported}: the value has no such form
     */
    public static KvValue of(Object value) {
        return switch (Objects.requireNonNull(value, "value")) {
            case KvValue ready -> ready;
            case byte[] plain -> bytes(plain);
            default -> json(value);
        };
    }

    /**
     * The JSON form of a Java value, by the rules of {@link Codecs#json(Class)}: a record, a value of a sealed type, a
     * collection, text, a number, a boolean, a {@link JsonNode}.
     *
     * @throws InvalidInputException {@code codec.unsupported}: the value has no JSON form
     */
    public static KvValue json(Object value) {
        return of(JSON.get(Objects.requireNonNull(value, "value").getClass()), value);
    }

    /** A JSON text, which is checked and kept in its compact form. */
    public static KvValue jsonText(String text) {
        return json(Json.parse(text));
    }

    /** Plain bytes, which are copied. */
    public static KvValue bytes(byte[] bytes) {
        return new KvValue(Encoding.BYTES, bytes.clone());
    }

    /**
     * A value that a JavaScript program serialized. It is copied, and kept as it is whether it can be decoded or not.
     */
    public static KvValue v8(byte[] bytes) {
        return new KvValue(Encoding.V8, bytes.clone());
    }

    /** An unsigned 64-bit counter. */
    public static KvValue u64(long value) {
        return new KvValue(
                Encoding.U64,
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
    }

    /**
     * An unsigned 64-bit counter in the eight bytes that are stored, the lowest first. They are copied.
     *
     * @throws InvalidInputException {@code kv.counter_bytes}: they are not eight
     */
    public static KvValue u64(byte[] littleEndian) {
        if (littleEndian.length != Long.BYTES) {
            throw new InvalidInputException(
                    "kv.counter_bytes",
                    "a counter has another number of bytes (valueBytes=" + littleEndian.length + ", expected="
                            + Long.BYTES + ")");
        }
        return new KvValue(Encoding.U64, littleEndian.clone());
    }

    /**
     * A value that was stored: for rooms that keep values of their own.
     *
     * @param bytes as {@link #encoded()} gave them; not copied, and never to be changed
     */
    public static KvValue stored(Encoding encoding, byte[] bytes) {
        return new KvValue(Objects.requireNonNull(encoding, "encoding"), Objects.requireNonNull(bytes, "bytes"));
    }

    /** A value in the encoding of a codec. */
    public static <T> KvValue of(Codec<T> codec, T value) {
        return new KvValue(codec.encoding(), codec.encode(value));
    }

    /** How the bytes are to be read. */
    public Encoding encoding() {
        return encoding;
    }

    /** A copy of the stored bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The stored bytes without a copy; they must never be changed. */
    public byte[] encoded() {
        return bytes;
    }

    /**
     * The value as JSON: a counter as a number, a V8 value as {@link V8Json#decode} reads it.
     *
     * @throws InvalidInputException {@code kv.value_encoding}: the value is plain bytes, which have no JSON form here;
     *     {@code v8.malformed}, {@code v8.too_deep}, {@code v8.too_large}: it is a V8 value without one
     */
    public JsonNode json() {
        return switch (encoding) {
            case JSON -> Json.parse(bytes);
            case U64 -> KvNumber.node(KvNumber.u64(bytes));
            case V8 -> V8Json.decode(bytes);
            case BYTES -> throw notJson();
        };
    }

    /**
     * The value as JSON, if it has a JSON form: empty for plain bytes, and for a V8 value that cannot be decoded or is
     * beyond a limit of {@link V8Json}. What looks at many values uses this.
     */
    public Optional<JsonNode> findJson() {
        return switch (encoding) {
            case JSON, U64 -> Optional.of(json());
            case V8 -> decoded();
            case BYTES -> Optional.empty();
        };
    }

    private Optional<JsonNode> decoded() {
        try {
            return Optional.of(V8Json.decode(bytes));
        } catch (InvalidInputException e) {
            return Optional.empty(); // kept as it came, and nobody else's fault
        }
    }

    /**
     * The value as a Java type: plain bytes as {@code byte[]}, all else as {@link Codecs#json(Class)} reads it.
     *
     * @throws InvalidInputException {@code codec.mismatch}: it is no value of the type; {@code kv.value_encoding}:
     *     it was stored in another encoding
     */
    public <T> T as(Class<T> type) {
        return as(codec(type));
    }

    /**
     * The value as a codec reads it. A codec of JSON reads the JSON form of counters and V8 values too.
     *
     * @throws InvalidInputException {@code codec.mismatch}: it is no value of the type; {@code kv.value_encoding}:
     *     it was stored in another encoding; those of {@link #json()} for a V8 value without a JSON form
     */
    public <T> T as(Codec<T> codec) {
        if (codec.encoding() == Encoding.JSON && (encoding == Encoding.U64 || encoding == Encoding.V8)) {
            return codec.decode(Json.bytes(json()));
        }
        if (codec.encoding() != encoding) {
            throw new InvalidInputException(
                    "kv.value_encoding",
                    "the value is stored in another encoding (stored=" + encoding + ", asked=" + codec.encoding()
                            + ")");
        }
        return codec.decode(bytes);
    }

    /** How values of a class are stored by {@link #of(Object)}. */
    @SuppressWarnings("unchecked") // both codecs are those of the class
    static <T> Codec<T> codec(Class<T> type) {
        return (Codec<T>) (type == byte[].class ? Codecs.bytes() : JSON.get(type));
    }

    private InvalidInputException notJson() {
        return new InvalidInputException("kv.value_encoding", "the value is not JSON (stored=" + encoding + ")");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KvValue that && encoding == that.encoding && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * encoding.hashCode() + Arrays.hashCode(bytes);
    }

    /** The JSON text of a JSON value, else the encoding and the number of bytes. */
    @Override
    public String toString() {
        return encoding == Encoding.JSON
                ? new String(bytes, StandardCharsets.UTF_8)
                : encoding + "[" + bytes.length + " bytes]";
    }
}
