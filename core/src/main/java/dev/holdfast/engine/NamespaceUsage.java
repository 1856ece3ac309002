package dev.holdfast.engine;

/**
 * What a namespace holds.
 *
 * @param rows entries and documents, expired ones that were not yet removed included
 * @param bytes of keys, values, ids and documents as they are stored; indexes and the change log are not counted
 */
public record NamespaceUsage(long rows, long bytes) {
    /** Nothing. */
    public static final NamespaceUsage NOTHING = new NamespaceUsage(0, 0);

    /** Both together. */
    public NamespaceUsage plus(NamespaceUsage other) {
        return new NamespaceUsage(rows + other.rows, bytes + other.bytes);
    }
}
