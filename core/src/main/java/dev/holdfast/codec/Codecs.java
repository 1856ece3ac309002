package dev.holdfast.codec;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.Objects;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * The codecs that come with the library. All are immutable and safe for use by many threads; make one per type and keep
 * it.
 *
 * <p>A decoder given bytes that are not its type throws {@link InvalidInputException} {@code codec.mismatch}, which
 * names the Java type and the place in the JSON, never a value. An encoder given what it has no form for throws
 * {@code codec.unsupported}.
 */
public final class Codecs {
    private Codecs() {}

    /**
     * Values of a class as JSON: records, sealed types, enums, primitives and their wrappers, collections, arrays,
     * {@code Optional}, {@code java.time}, keys, and whatever Jackson maps, with its annotations. A program that is a
     * named module must open their packages to {@code tools.jackson.databind}.
     *
     * <ul>
     *   <li>A value of a sealed type has the member {@code "type"} with the simple name of its class; no annotation is
     *       needed. Its permitted types must be sealed or final themselves, have different simple names, and no
     *       component {@code type}. A type with {@code @JsonTypeInfo} keeps its own form.
     *   <li>Integers beyond 2^53 - 1 are written as the big integer tag ({@link dev.holdfast.json.BigIntegerTag}) and
     *       read from it or from a plain number. A fraction is never cut to an integer.
     *   <li>Enums are written by name. Members that the class does not have are skipped, a missing one is null, zero or
     *       empty, so fields may come and go.
     *   <li>Where the declared type is {@code Object}, numbers come back as {@code Integer}, {@code Long},
     *       {@code BigInteger}, {@code Double}, or {@code BigDecimal} for fractions that no double is exact for.
     *   <li>JSON null is no value of the class: decoding it is a mismatch, except for {@code Optional} and trees.
     * </ul>
     *
     * @param type a class without type parameters; for others there is {@link #json(TypeReference)}
     */
    public static <T> Codec<T> json(Class<T> type) {
        return new JsonCodec<>(CodecMapper.MAPPER.constructType(Objects.requireNonNull(type, "type")));
    }

    /**
     * Values of a generic type as JSON, by the rules of {@link #json(Class)}.
     *
     * @param type such as {@code new TypeReference<List<User>>() {}}
     */
    public static <T> Codec<T> json(TypeReference<T> type) {
        return new JsonCodec<>(CodecMapper.MAPPER.constructType(Objects.requireNonNull(type, "type")));
    }

    /** Any JSON as a tree, exactly as it is written: tags stay objects, null is a node. */
    public static Codec<JsonNode> jsonTree() {
        return json(JsonNode.class);
    }

    /** Text as a JSON string. */
    public static Codec<String> text() {
        return json(String.class);
    }

    /**
     * Bytes as they are. Neither direction copies: an encoded array must not be changed before the write has returned.
     */
    public static Codec<byte[]> bytes() {
        return BytesCodec.BYTES;
    }

    /**
     * Counters as {@link Encoding#U64}, 0 to {@link Long#MAX_VALUE}. Decoding a larger one is a mismatch, encoding a
     * negative one unsupported; {@link #u64Big()} holds them all.
     */
    public static Codec<Long> u64() {
        return U64Codec.LONG;
    }

    /** Counters as {@link Encoding#U64}, 0 to 2^64 - 1. */
    public static Codec<BigInteger> u64Big() {
        return U64Codec.BIG;
    }
}
