package dev.holdfast.record;

/** One record of a document's log. A record that exists is valid. */
public sealed interface StoreRecord {
    /**
     * Metadata, which becomes current with it.
     *
     * @param meta the metadata
     */
    record Meta(StoreMeta meta) implements StoreRecord {}

    /**
     * A payload.
     *
     * @param payload what it holds
     * @param version the writer's name for the state behind it: well-formed, may be empty, need not be unique; the
     *     store neither reads nor compares it
     */
    record Entry(Payload payload, String version) implements StoreRecord {
        /** Refuses a malformed version. */
        public Entry {
            RecordRules.utf8Length("version", version);
        }
    }
}
