package dev.holdfast.v8;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * Whole values of V8 as JSON, and JSON as values of V8.
 *
 * <p>What is JSON anyway stays as it is. Numbers are those that JavaScript prints; undefined and the holes of arrays
 * are null; boxed primitives are what they box; a big integer is its tag ({@link dev.holdfast.json.BigIntegerTag}).
 * NaN, infinities, negative zero, dates, maps, sets, regular expressions, buffers with the views on them, and errors
 * become an object of two members, {@code "__type"} and {@code "value"}. So does an object within itself, as its path;
 * one that stands in several places is written in each of them.
 *
 * <p>The way back knows one tag, that of big integers: the others become plain objects.
 */
public final class V8Json {
    /** Levels of arrays and objects: more is refused, in a value, in its JSON form, and in JSON to be encoded. */
    public static final int DEPTH_MAX = Json.DEPTH_MAX;

    /** Slots of an array that was written as sparse; one with more has no JSON form, however few of them are set. */
    public static final int SPARSE_SLOTS_MAX = 65_536;

    private V8Json() {}

    /**
     * The JSON form of a serialized value, which {@link Json#bytes} can write. A fresh tree.
     *
     * <p>Its text has at most 16 bytes for each byte of the value, and 64 KiB; of a value of more than some 4 MiB at
     * most 2 for each, and 64 MiB. A hole of a sparse array counts as one byte there.
     *
     * @param v8 in format version 13 to 16; not changed
     * @throws InvalidInputException {@code v8.malformed}: the bytes are no such value; {@code v8.too_deep},
     *     {@code v8.too_large}: its JSON form would be beyond a limit
     */
    public static JsonNode decode(byte[] v8) {
        Objects.requireNonNull(v8, "v8");
        return V8Printer.print(V8Reader.read(v8), v8.length);
    }

    /**
     * The value that JSON stands for, in format version 15.
     *
     * <p>Numbers are what JavaScript reads: integers of 32 bits as such, all others as the nearest double, which is an
     * infinity for those beyond its range. A tagged big integer is one. The members of objects keep their order.
     *
     * @throws InvalidInputException {@code v8.too_deep}: it nests more than {@value #DEPTH_MAX} levels;
     *     {@code v8.unsupported}: the tree was made in memory and holds something that is no JSON
     */
    public static byte[] encode(JsonNode json) {
        return V8Writer.write(Objects.requireNonNull(json, "json"));
    }
}
