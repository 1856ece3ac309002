package dev.holdfast.codec;

/** How the bytes of a stored value are to be read. The number is stored; it never changes its meaning. */
public enum Encoding {
    /** JSON text in UTF-8: what Java and REST write. */
    JSON(0),
    /** A V8 structured-clone value, kept as it came. */
    V8(1),
    /** An unsigned 64-bit counter, eight bytes, little-endian. */
    U64(2),
    /** Plain bytes. */
    BYTES(3);

    private static final Encoding[] BY_NUMBER = values();

    private final int number;

    Encoding(int number) {
        this.number = number;
    }

    /** The stored number. */
    public int number() {
        return number;
    }

    /** The encoding of a stored number, 0 to 3. */
    public static Encoding of(int number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new IllegalArgumentException("unknown encoding " + number + ", expected 0 to 3");
        }
        return BY_NUMBER[number];
    }
}
