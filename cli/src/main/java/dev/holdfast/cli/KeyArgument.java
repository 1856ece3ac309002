package dev.holdfast.cli;

import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPath;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvValue;
import tools.jackson.databind.node.ObjectNode;

/** Keys as words of the command line: a path such as {@code users/42}, or a JSON array such as {@code ["users",42]}. */
final class KeyArgument {
    private KeyArgument() {}

    static Key key(String word) {
        return isJson(word) ? KeyJson.parse(word) : KeyPath.key(word);
    }

    static KeyPrefix prefix(String word) {
        if (word.isEmpty()) {
            return KeyPrefix.all();
        }
        return isJson(word) ? KeyJson.prefix(Json.parse(word)) : KeyPath.prefix(word);
    }

    /** A value: JSON text. */
    static KvValue value(String word) {
        return KvValue.jsonText(word);
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

    private static boolean isJson(String word) {
        return word.startsWith("[");
    }
}
