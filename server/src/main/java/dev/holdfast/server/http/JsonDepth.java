package dev.holdfast.server.http;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;

/** Refuses JSON that nests deeper than the server allows, before a tree is built from it. */
final class JsonDepth {
    private JsonDepth() {}

    /** Looks at brackets outside of strings; whether the text is JSON at all is for the parser to say. */
    static void require(byte[] utf8, int levelsMax) {
        if (levelsMax >= Json.DEPTH_MAX) {
            return; // The parser's own limit.
        }
        int depth = 0;
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
                if (depth > levelsMax) {
                    throw new InvalidInputException(
                            "http.json_too_deep", "the JSON nests deeper than the limit (jsonDepth=" + levelsMax + ")");
                }
            } else if (b == ']' || b == '}') {
                depth--;
            }
        }
    }
}
