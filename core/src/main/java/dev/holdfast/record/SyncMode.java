package dev.holdfast.record;

/**
 * How a document is synchronized. The store compares the three texts and knows none of them.
 *
 * @param writerModel such as {@code serialized} or {@code concurrent}; well-formed, without U+0000, like the others
 * @param delivery such as {@code delta-capable} or {@code snapshot-only}
 * @param durability such as {@code persistent} or {@code transient}
 */
public record SyncMode(String writerModel, String delivery, String durability) {
    /** One writer, deltas, persistent. */
    public static final SyncMode AUTHORITATIVE = new SyncMode("serialized", "delta-capable", "persistent");

    /** Many writers, deltas, persistent. */
    public static final SyncMode COLLABORATIVE = new SyncMode("concurrent", "delta-capable", "persistent");

    /** Many writers, whole states, gone with their peers. */
    public static final SyncMode EPHEMERAL = new SyncMode("concurrent", "snapshot-only", "transient");

    /** Refuses texts that no database can hold. */
    public SyncMode {
        RecordRules.requireStorable("syncMode.writerModel", writerModel);
        RecordRules.requireStorable("syncMode.delivery", delivery);
        RecordRules.requireStorable("syncMode.durability", durability);
    }

    /** As people write it, such as {@code {serialized,delta-capable,persistent}}. */
    @Override
    public String toString() {
        return "{" + writerModel + "," + delivery + "," + durability + "}";
    }
}
