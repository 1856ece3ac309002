package dev.holdfast.client;

import dev.holdfast.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Several contents as one: bytes one behind the other, JSON as one array of messages. */
final class Bodies {
    private Bodies() {}

    /**
     * Refuses what is no JSON. Only texts that are may be joined: half of one would swallow its neighbour.
     *
     * @throws dev.holdfast.engine.InvalidInputException {@code json.malformed}, {@code json.too_deep}
     */
    static void requireJson(byte[] content) {
        Json.parse(content);
    }

    /** Whether a JSON text, or no text at all, holds no message. */
    static boolean isEmptyArray(byte[] content) {
        int from = first(content);
        if (from == content.length) {
            return true;
        }
        int until = last(content);
        return content[from] == '[' && content[until] == ']' && blank(content, from + 1, until);
    }

    /** Contents as one. A JSON text that is an array counts as its elements, as servers take it. */
    static byte[] join(boolean json, List<byte[]> contents) {
        if (contents.size() == 1) {
            return contents.getFirst();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!json) {
            contents.forEach(out::writeBytes);
            return out.toByteArray();
        }
        out.write('[');
        for (byte[] content : contents) {
            if (isEmptyArray(content)) {
                continue;
            }
            if (out.size() > 1) {
                out.write(',');
            }
            int from = first(content);
            int until = last(content) + 1;
            if (content[from] == '[') {
                out.write(content, from + 1, until - from - 2);
            } else {
                out.write(content, from, until - from);
            }
        }
        out.write(']');
        return out.toByteArray();
    }

    /** Where the first byte is that is no blank. */
    private static int first(byte[] content) {
        int at = 0;
        while (at < content.length && isBlank(content[at])) {
            at++;
        }
        return at;
    }

    /** Where the last byte is that is no blank; there is one. */
    private static int last(byte[] content) {
        int at = content.length - 1;
        while (isBlank(content[at])) {
            at--;
        }
        return at;
    }

    private static boolean blank(byte[] content, int from, int until) {
        for (int i = from; i < until; i++) {
            if (!isBlank(content[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
