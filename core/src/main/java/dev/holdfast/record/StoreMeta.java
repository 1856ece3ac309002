package dev.holdfast.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The metadata of a document.
 *
 * @param replicaType what kind of replica it is
 * @param syncMode how it is synchronized
 * @param schemaHash of the document's schema, 0 to 256 bytes of UTF-8, well-formed, without U+0000
 * @param more members that this version does not know, kept and given back in their order; PostgreSQL keeps the current
 *     metadata as {@code jsonb}, which orders them anew and rewrites numbers such as {@code 1e2}
 */
public record StoreMeta(ReplicaType replicaType, SyncMode syncMode, String schemaHash, Map<String, JsonNode> more) {
    /** Bytes of UTF-8 that a hash may have. */
    public static final int SCHEMA_HASH_BYTES_MAX = 256;

    /** Refuses what cannot be stored. */
    public StoreMeta {
        int bytes = RecordRules.requireStorable("schemaHash", schemaHash);
        if (bytes > SCHEMA_HASH_BYTES_MAX) {
            throw new RecordStoreException(
                    RecordStoreException.Reason.MALFORMED_RECORD,
                    "the schemaHash is longer than the limit (schemaHashBytes=" + bytes + ", schemaHashBytesMax="
                            + SCHEMA_HASH_BYTES_MAX + ")");
        }
        Map<String, JsonNode> copy = new LinkedHashMap<>();
        more.forEach((name, value) -> copy.put(name, value.deepCopy()));
        RecordText.requireUnknown(copy);
        more = Collections.unmodifiableMap(copy);
    }

    /** Metadata without members that this version does not know. */
    public StoreMeta(ReplicaType replicaType, SyncMode syncMode, String schemaHash) {
        this(replicaType, syncMode, schemaHash, Map.of());
    }

    /** The same metadata with another hash. */
    public StoreMeta withSchemaHash(String hash) {
        return new StoreMeta(replicaType, syncMode, hash, more);
    }
}
