package dev.holdfast.v8;

import dev.holdfast.json.Json;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/** The place of a value in JSON, such as {@code $.items[2]["first name"]}. */
final class JsPath {
    private JsPath() {}

    /**
     * The path of some steps from the root.
     *
     * @param steps names of members, and places in arrays as an {@code Integer}
     */
    static String text(List<Object> steps) {
        StringBuilder path = new StringBuilder("$");
        for (Object step : steps) {
            if (step instanceof String name && isPlain(name)) {
                path.append('.').append(name);
            } else if (step instanceof String name) {
                path.append('[')
                        .append(Json.text(JsonNodeFactory.instance.stringNode(name)))
                        .append(']');
            } else {
                path.append('[').append(step).append(']');
            }
        }
        return path.toString();
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty() || (name.charAt(0) >= '0' && name.charAt(0) <= '9')) {
            return false;
        }
        return name.chars()
                .allMatch(c -> (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '_'
                        || c == '$');
    }
}
