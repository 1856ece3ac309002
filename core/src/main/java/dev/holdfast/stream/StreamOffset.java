package dev.holdfast.stream;

/** Offsets as clients see them: two groups of 16 digits, which sort as the numbers do. */
public final class StreamOffset {
    private static final String GROUP = "0000000000000000";

    private StreamOffset() {}

    /** The text of an offset, such as {@code 0000000000000000_0000000000000042}. */
    public static String text(long offset) {
        String digits = Long.toString(offset);
        return GROUP + "_" + GROUP.substring(Math.min(GROUP.length(), digits.length())) + digits;
    }
}
