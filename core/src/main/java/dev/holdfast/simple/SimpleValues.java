package dev.holdfast.simple;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a value may be, and the limits of it. */
final class SimpleValues {
    /** Levels of lists, maps and sets that a value may nest. One level is up to three in JSON. */
    static final int DEPTH_MAX = 64;

    /** Bits of a big integer. */
    static final int BIG_INTEGER_BITS_MAX = 1_000_000;

    /** The largest integer that is a number; larger ones are big integers. */
    static final long NUMBER_MAX = 1L << 53;

    /** What the member names of our own forms begin with. */
    static final String MARK = "$";

    static final String OBJECT = MARK + "object";
    static final String MAP = MARK + "map";
    static final String SET = MARK + "set";
    static final String DATE = MARK + "date";
    static final String BIGINT = MARK + "bigint";
    static final String NUMBER = MARK + "number";
    static final String BYTES = MARK + "bytes";
    static final String PATTERN = MARK + "pattern";

    private SimpleValues() {}

    /** Whether an integer is a number, not a big integer. */
    static boolean isNumber(long value) {
        return value <= NUMBER_MAX && value >= -NUMBER_MAX;
    }

    /** Whether a decoded map is an object, which has properties. */
    static boolean isObject(Map<?, ?> map) {
        return map.keySet().stream().allMatch(String.class::isInstance);
    }

    /** What a value is called in messages. */
    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "a string";
            case Boolean bool -> "a boolean";
            case BigInteger big -> "a bigint";
            case Number number -> "a number";
            case Instant date -> "a date";
            case byte[] bytes -> "bytes";
            case Pattern pattern -> "a regular expression";
            case Set<?> set -> "a set";
            case List<?> list -> "a list";
            case Map<?, ?> map -> isObject(map) ? "an object" : "a map";
            default -> "a " + value.getClass().getName();
        };
    }
}
