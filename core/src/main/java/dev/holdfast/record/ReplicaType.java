package dev.holdfast.record;

/**
 * What kind of replica a document is.
 *
 * @param name such as {@code plain}, {@code yjs} or {@code loro}; well-formed, without U+0000
 * @param major of another one nothing can be read
 * @param minor may rise and fall
 */
public record ReplicaType(String name, int major, int minor) {
    /** Refuses a name that no database can hold. */
    public ReplicaType {
        RecordRules.requireStorable("replicaType", name);
    }

    /** Whether records of both may stand in one log: the same name and major version. */
    public boolean compatibleWith(ReplicaType other) {
        return name.equals(other.name) && major == other.major;
    }

    /** As in JSON, such as {@code [plain,1,0]}. */
    @Override
    public String toString() {
        return "[" + name + "," + major + "," + minor + "]";
    }
}
