package dev.holdfast.engine;

import java.util.OptionalLong;

/**
 * What a namespace may hold at most. A write that would pass it is refused with {@code namespace.quota}; one that
 * removes something never is.
 *
 * @param rowsMax entries and documents together, 0 or more; empty: as many as fit
 * @param bytesMax bytes of keys, values, ids and documents together as they are stored, 0 or more; empty: as many as
 *     fit
 */
public record NamespaceQuota(OptionalLong rowsMax, OptionalLong bytesMax) {
    private static final NamespaceQuota NONE = new NamespaceQuota(OptionalLong.empty(), OptionalLong.empty());

    /** Checks both ranges. */
    public NamespaceQuota {
        require("rowsMax", rowsMax);
        require("bytesMax", bytesMax);
    }

    /** No limit; nothing is counted. */
    public static NamespaceQuota none() {
        return NONE;
    }

    /** The same with another limit of rows. */
    public NamespaceQuota withRowsMax(long value) {
        return new NamespaceQuota(OptionalLong.of(value), bytesMax);
    }

    /** The same with another limit of bytes. */
    public NamespaceQuota withBytesMax(long value) {
        return new NamespaceQuota(rowsMax, OptionalLong.of(value));
    }

    /** Whether there is a limit at all. */
    public boolean isLimited() {
        return rowsMax.isPresent() || bytesMax.isPresent();
    }

    private static void require(String name, OptionalLong value) {
        if (value.isPresent() && value.getAsLong() < 0) {
            throw new InvalidInputException(
                    "namespace.quota_range", "a quota is 0 or more (" + name + "=" + value.getAsLong() + ")");
        }
    }
}
