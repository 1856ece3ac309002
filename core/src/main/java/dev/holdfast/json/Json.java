package dev.holdfast.json;

import dev.holdfast.engine.InvalidInputException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as the store reads and writes it: exact numbers, one document per text, bounded nesting.
 *
 * <p>Numbers keep their exact value: integers of any size, fractions as decimals. Of a repeated member name the last
 * one wins. Malformed text is an {@link InvalidInputException} with code {@code json.malformed} that names line and
 * column, never the text; text that nests deeper than {@link #DEPTH_MAX} is one with code {@code json.too_deep}, and
 * text with a number of more than {@link #NUMBER_DIGITS_MAX} digits one with {@code json.number_too_long}.
 */
public final class Json {
    /** Levels of arrays and objects that a text may nest: more is refused, in reading and in writing. */
    public static final int DEPTH_MAX = 256;

    /** Digits of a number, its exponent aside: more is refused, in reading and in writing. */
    public static final int NUMBER_DIGITS_MAX = 1_000;

    /** Levels that a text may have around a value of {@link #DEPTH_MAX} levels: a line of an export, an entry. */
    private static final int AROUND_MAX = 8;

    private static final JsonMapper MAPPER = mapper(DEPTH_MAX);
    private static final JsonMapper AROUND = mapper(DEPTH_MAX + AROUND_MAX);

    private Json() {}

    private static JsonMapper mapper(int depthMax) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(depthMax)
                                .maxNumberLength(NUMBER_DIGITS_MAX)
                                .build())
                        .streamWriteConstraints(StreamWriteConstraints.builder()
                                .maxNestingDepth(depthMax)
                                .build())
                        // As every other writer of JSON does, JavaScript's among them.
                        .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                        .build())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    /** The mapper behind every JSON text of the library; immutable, to be rebuilt when it needs other settings. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** Parses one JSON document. */
    public static JsonNode parse(String text) {
        return parse(MAPPER, text);
    }

    private static JsonNode parse(JsonMapper mapper, String text) {
        try {
            return present(mapper.readTree(text));
        } catch (StreamConstraintsException e) {
            throw beyondLimit(e, text);
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (NumberFormatException e) {
            throw unreadableNumber(e);
        }
    }

    /**
     * Parses a line of a file, which must be one JSON document. It may nest a little deeper than a value, which it may
     * hold.
     *
     * @param number of the line, from 1; errors name it
     */
    public static JsonNode parseLine(String text, long number) {
        try {
            return parse(AROUND, text);
        } catch (InvalidInputException e) {
            String where = e.getCause() instanceof JacksonException broken && broken.getLocation() != null
                    ? " (column=" + broken.getLocation().getColumnNr() + ")"
                    : "";
            throw new InvalidInputException(e.code(), "line " + number + " is not valid JSON" + where, e);
        }
    }

    /** Parses one JSON document from UTF-8. */
    public static JsonNode parse(byte[] utf8) {
        try {
            return present(MAPPER.readTree(utf8));
        } catch (StreamConstraintsException e) {
            throw beyondLimit(e, new String(utf8, StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (NumberFormatException e) {
            throw unreadableNumber(e);
        }
    }

    /**
     * The compact text of a tree. It is that of {@link #bytes}, so UTF-8 can hold it: half of a surrogate pair alone is
     * written as an escape.
     */
    public static String text(JsonNode node) {
        return new String(bytes(node), StandardCharsets.UTF_8);
    }

    /**
     * The compact text of a tree as UTF-8.
     *
     * @throws InvalidInputException {@code json.too_deep}, {@code json.number_too_long}: nobody could read the text
     */
    public static byte[] bytes(JsonNode node) {
        try {
            return readable(MAPPER.writeValueAsBytes(node));
        } catch (StreamConstraintsException e) {
            throw tooDeep("", e);
        }
    }

    /** The compact text of a tree that holds values: a line of an export, an entry with what belongs to it. */
    public static String textAround(JsonNode values) {
        return new String(AROUND.writeValueAsBytes(values), StandardCharsets.UTF_8);
    }

    /**
     * A text that was written elsewhere, if it can be read again.
     *
     * @throws InvalidInputException {@code json.number_too_long}
     */
    public static byte[] readable(byte[] utf8) {
        if (hasManyDigits(utf8)) {
            var unused = parse(utf8);
        }
        return utf8;
    }

    /** Whether there may be a number that is too long: so many digits in a row, with a point among them or not. */
    private static boolean hasManyDigits(byte[] utf8) {
        int digits = 0;
        for (byte b : utf8) {
            if (b >= '0' && b <= '9') {
                if (++digits > NUMBER_DIGITS_MAX) {
                    return true;
                }
            } else if (b != '.') {
                digits = 0;
            }
        }
        return false;
    }

    private static JsonNode present(JsonNode node) {
        if (node.isMissingNode()) {
            throw new InvalidInputException("json.malformed", "the text is empty, expected one JSON value");
        }
        return node;
    }

    /** The parser says which limit it was in words only, so the levels are counted again. */
    private static InvalidInputException beyondLimit(StreamConstraintsException e, String text) {
        int depth = depth(text);
        if (depth > DEPTH_MAX) {
            return tooDeep("jsonDepth=" + depth + ", ", e);
        }
        return hasManyDigits(text.getBytes(StandardCharsets.UTF_8))
                ? new InvalidInputException(
                        "json.number_too_long",
                        "a number has more digits than the limit (numberDigitsMax=" + NUMBER_DIGITS_MAX + ")",
                        e)
                : malformed(e);
    }

    /** The error with what came, where that is known: the writer stops at the first level too many. */
    private static InvalidInputException tooDeep(String came, StreamConstraintsException e) {
        return new InvalidInputException(
                "json.too_deep",
                "the JSON nests arrays and objects deeper than the limit (" + came + "jsonDepthMax=" + DEPTH_MAX + ")",
                e);
    }

    /** The levels of arrays and objects that a text opens. */
    private static int depth(String text) {
        int deepest = 0;
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
                continue;
            }
            switch (c) {
                case '"' -> quoted = true;
                case '[', '{' -> deepest = Math.max(deepest, ++depth);
                case ']', '}' -> depth--;
                default -> {}
            }
        }
        return deepest;
    }

    private static InvalidInputException malformed(JacksonException e) {
        var at = e.getLocation();
        String where = at == null ? "" : " (line=" + at.getLineNr() + ", column=" + at.getColumnNr() + ")";
        return new InvalidInputException("json.malformed", "the text is not valid JSON" + where, e);
    }

    /** The parser lets this through for numbers whose exponent no decimal can have, such as {@code 1e99999999999}. */
    private static InvalidInputException unreadableNumber(NumberFormatException e) {
        return new InvalidInputException("json.malformed", "the text holds a number whose exponent is out of range", e);
    }
}
