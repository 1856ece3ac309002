package dev.holdfast;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.json.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The line of an export with which a namespace begins.
 *
 * @param name of the namespace
 * @param quota its limits, if it has any
 */
record NamespaceLine(String name, Optional<NamespaceQuota> quota) {
    private static final String NAME = "namespace";
    private static final String QUOTA = "quota";
    private static final String ROWS = "rowsMax";
    private static final String BYTES = "bytesMax";

    /** The line of a namespace as it is now. */
    static ObjectNode of(Namespace namespace) {
        ObjectNode line = Json.mapper().createObjectNode().put(NAME, namespace.name());
        NamespaceQuota quota = namespace.quota();
        if (quota.isLimited()) {
            ObjectNode limits = line.putObject(QUOTA);
            quota.rowsMax().ifPresent(rows -> limits.put(ROWS, rows));
            quota.bytesMax().ifPresent(bytes -> limits.put(BYTES, bytes));
        }
        return line;
    }

    /** Whether a line is one of these, and not of a room. */
    static boolean is(JsonNode line) {
        return line.has(NAME) && !line.has(Transfer.ROOM);
    }

    /**
     * Reads a line.
     *
     * @throws InvalidInputException {@code namespace.name}, {@code namespace.quota_range}, {@code transfer.line}: it
     *     says something that no namespace can be
     */
    static NamespaceLine read(JsonNode line) {
        String name = Namespaces.requireName(line.path(NAME).asString(""));
        if (!line.has(QUOTA)) {
            return new NamespaceLine(name, Optional.empty());
        }
        NamespaceQuota quota = NamespaceQuota.none();
        JsonNode limits = line.path(QUOTA);
        if (limits.has(ROWS)) {
            quota = quota.withRowsMax(number(limits.path(ROWS)));
        }
        if (limits.has(BYTES)) {
            quota = quota.withBytesMax(number(limits.path(BYTES)));
        }
        return new NamespaceLine(name, Optional.of(quota));
    }

    private static long number(JsonNode limit) {
        if (!limit.isIntegralNumber() || !limit.canConvertToLong()) {
            throw new InvalidInputException("transfer.line", "the limit of a quota is no whole number");
        }
        return limit.longValue();
    }
}
