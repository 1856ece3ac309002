package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The rules of ids. They are text that every engine, URL and log line can hold, and sort by code point everywhere,
 * which Java's own order of strings does not.
 */
final class DocumentId {
    /** The member of a document that holds its id. */
    static final String FIELD = "id";

    /** Below every id. */
    static final String FIRST = "";

    /** Above every id: its one code point is in none. */
    static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    /** The order of the databases. */
    static final Comparator<String> ORDER = (a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b));

    /** The smallest text above an id with nothing in between: ids have no control characters. */
    private static final String JUST_ABOVE = "\u0001";

    private static final int LAST_TWO_OF_A_PLANE = 0xfffe;

    private DocumentId() {}

    static byte[] bytes(String id) {
        return id.getBytes(StandardCharsets.UTF_8);
    }

    static String of(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** The start of the range that begins behind an id. */
    static String after(String id) {
        return id + JUST_ABOVE;
    }

    /** The end of the range of ids that start with a text. */
    static String afterPrefix(String text) {
        return text + LAST;
    }

    /** The id in a document that is to be stored; none when it has none or null. */
    static Optional<String> in(JsonNode document) {
        JsonNode id = document.path(FIELD);
        if (id.isMissingNode() || id.isNull()) {
            return Optional.empty();
        }
        if (!id.isString()) {
            throw new InvalidInputException(
                    "collection.id", "the id of a document is a string (type=" + typeOf(id) + ")");
        }
        return Optional.of(require(id.stringValue()));
    }

    /** Whether a text can be an id at all. */
    static boolean isValid(String id) {
        return !id.isEmpty()
                && id.codePoints().allMatch(DocumentId::isAllowed)
                && bytes(id).length <= CollectionLimits.ID_BYTES_MAX;
    }

    static String require(String id) {
        if (id.isEmpty() || !id.codePoints().allMatch(DocumentId::isAllowed)) {
            throw new InvalidInputException(
                    "collection.id",
                    "an id has at least one character, and no control characters, lone surrogates or noncharacters"
                            + " (chars=" + id.length() + ")");
        }
        int length = bytes(id).length;
        if (length > CollectionLimits.ID_BYTES_MAX) {
            throw new InvalidInputException(
                    "collection.id",
                    "an id is too long (idBytes=" + length + ", idBytesMax=" + CollectionLimits.ID_BYTES_MAX + ")");
        }
        return id;
    }

    private static boolean isAllowed(int point) {
        boolean lone = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return !Character.isISOControl(point) && !lone && (point & LAST_TWO_OF_A_PLANE) != LAST_TWO_OF_A_PLANE;
    }

    static String typeOf(JsonNode node) {
        return node.getNodeType().toString().toLowerCase(java.util.Locale.ROOT);
    }
}
