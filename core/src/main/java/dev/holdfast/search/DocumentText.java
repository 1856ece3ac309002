package dev.holdfast.search;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The text of a JSON document that an index sees: the values of its fields.
 *
 * <p>Strings are text; numbers and booleans their JSON text; a tagged big integer its digits. Of arrays and objects the
 * member names and values are indexed as their JSON text shows them, but string by string, so that an escape such as
 * {@code \n} adds no letter, and no phrase runs from one element into the next. {@code null} and missing fields have no
 * text.
 *
 * <p>Source: the KeyVal system's indexes, which take numbers, booleans and JSON text besides strings.
 */
final class DocumentText {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

    private DocumentText() {}

    /**
     * The tokens of a document.
     *
     * @param fields in the order in which their tokens stand in the list
     * @param valueAt the value of a field in this document; a missing node when it has none. Trees are as deep as
     *     parsed text can be ({@link dev.holdfast.json.Json#DEPTH_MAX})
     */
    static DocumentTokens tokens(List<String> fields, Function<String, JsonNode> valueAt, Tokenizer tokenizer) {
        var tokens = new DocumentTokensBuilder(tokenizer);
        for (String field : fields) {
            add(tokens, valueAt.apply(field));
        }
        return tokens.build();
    }

    private static void add(DocumentTokensBuilder tokens, JsonNode value) {
        if (value.isArray()) {
            value.values().forEach(element -> add(tokens, element));
        } else if (isBigInteger(value)) {
            tokens.add(value.get("value").stringValue());
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                tokens.add(member.getKey());
                add(tokens, member.getValue());
            }
        } else if (value.isValueNode() && !value.isNull()) {
            tokens.add(value.asString());
        }
    }

    /** The KeyVal client's form of a big integer: exactly two members, a tag and decimal digits. */
    private static boolean isBigInteger(JsonNode value) {
        return value.isObject()
                && value.size() == 2
                && value.path("__type").stringValue("").equals("bigint")
                && INTEGER.matcher(value.path("value").stringValue("")).matches();
    }
}
