package dev.holdfast.record;

/**
 * The version of what stands in the tables of a store.
 *
 * @param major another one cannot be read
 * @param minor any can be read
 */
public record StoreFormat(int major, int minor) {
    /** The format that this build writes. */
    public static final StoreFormat CURRENT = new StoreFormat(1, 0);

    /** As people write it, such as {@code 1.0}. */
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
