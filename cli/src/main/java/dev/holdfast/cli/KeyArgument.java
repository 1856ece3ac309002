package dev.holdfast.cli;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPath;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvEntry;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keys as words of the command line: a path such as {@code users/42}, or a JSON array such as {@code ["users",42]}.
 * What a path means is told by {@link KeyPath}; an empty part, which it drops, is refused here.
 */
final class KeyArgument {
    /** How a key is written, for the help of every command that takes one. */
    static final String HELP = "a path, users/42, or a JSON array, [\"users\",42]. In a path 0, 42 and -7 are numbers,"
            + " up to 2^53 - 1; 007, -0, 1.5 and true are text; %%2F is a / within a part.";

    /** The same for a prefix that may be left out. */
    static final String PREFIX_HELP = HELP + " None: everything.";

    private KeyArgument() {}

    static Key key(String word) {
        return isJson(word) ? KeyJson.parse(word) : KeyPath.key(requireParts(word));
    }

    static KeyPrefix prefix(String word) {
        if (word.isEmpty()) {
            return KeyPrefix.all();
        }
        return isJson(word) ? KeyJson.prefix(Json.parse(word)) : KeyPath.prefix(requireParts(word));
    }

    /** An entry as one JSON object. */
    static ObjectNode tree(KvEntry entry) {
        ObjectNode tree = Json.mapper().createObjectNode();
        tree.set("key", KeyJson.tree(entry.key()));
        tree.set("value", EntryValue.json(entry.value()));
        tree.put("versionstamp", entry.versionstamp().uuid());
        entry.expiresAt().ifPresent(at -> tree.put("expiresAt", at.toString()));
        return tree;
    }

    private static String requireParts(String path) {
        if (path.startsWith("/") || path.endsWith("/") || path.contains("//")) {
            throw new InvalidInputException(
                    "cli.key_part_empty",
                    "a part of the path is empty: write users/42, without / before, behind or doubled; a part that is"
                            + " empty is written in a JSON array, [\"users\",\"\"]");
        }
        return path;
    }

    private static boolean isJson(String word) {
        return word.startsWith("[");
    }
}
