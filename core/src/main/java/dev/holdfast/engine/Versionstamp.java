package dev.holdfast.engine;

/** The number of a commit. */
public record Versionstamp(long value) implements Comparable<Versionstamp> {
    @Override
    public int compareTo(Versionstamp other) {
        return Long.compareUnsigned(value, other.value);
    }
}
