package dev.holdfast.server.http;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;

/**
 * Refuses JSON that nests deeper, or has more values, than the server allows, before a tree is built from it: the tree
 * of {@code [{},{},{}]} takes thirty times the bytes of its text.
 */
final class JsonShape {
    /** Members and elements of all objects and arrays of a text together. */
    static final int VALUES_MAX = 1_000_000;

    private JsonShape() {}

    /** Looks at brackets and commas outside of strings; whether the text is JSON at all is for the parser to say. */
    static void require(byte[] utf8, int levelsMax) {
        // The greatest depth is for the parser to refuse.
        int depthMax = levelsMax >= Json.DEPTH_MAX ? Integer.MAX_VALUE : levelsMax;
        int depth = 0;
        int values = 0;
        boolean text = false;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (text) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    text = false;
                }
            } else if (b == '"') {
                text = true;
            } else if (b == '[' || b == '{') {
                depth++;
                requireValues(++values);
                if (depth > depthMax) {
                    throw new InvalidInputException(
                            "http.json_too_deep",
                            "the JSON nests arrays and objects deeper than the limit (jsonDepth=" + depth
                                    + " or more, jsonDepthMax=" + levelsMax + ")");
                }
            } else if (b == ']' || b == '}') {
                depth--;
            } else if (b == ',') {
                requireValues(++values);
            }
        }
    }

    private static void requireValues(int values) {
        if (values > VALUES_MAX) {
            throw new InvalidInputException(
                    "http.json_too_many_values",
                    "the JSON has more values than the limit (jsonValuesMax=" + VALUES_MAX + ")");
        }
    }
}
