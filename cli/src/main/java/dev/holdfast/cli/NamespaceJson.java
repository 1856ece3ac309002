package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.json.Json;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/** Tenants as the commands print them. */
final class NamespaceJson {
    private NamespaceJson() {}

    /** Its name alone. */
    static ObjectNode name(String name) {
        return Json.mapper().createObjectNode().put("name", name);
    }

    /** Its name, what it holds, and what it may hold: null for no limit. */
    static ObjectNode usage(Namespace namespace) {
        NamespaceUsage used = namespace.usage();
        NamespaceQuota quota = namespace.quota();
        ObjectNode tree = name(namespace.name()).put("rows", used.rows()).put("bytes", used.bytes());
        limit(tree, "rowsMax", quota.rowsMax());
        limit(tree, "bytesMax", quota.bytesMax());
        return tree;
    }

    private static void limit(ObjectNode tree, String name, OptionalLong limit) {
        if (limit.isPresent()) {
            tree.put(name, limit.getAsLong());
        } else {
            tree.putNull(name);
        }
    }
}
